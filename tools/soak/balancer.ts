// What a Service is in Kubernetes: one address for an app, and behind it the processes that are in. New connections go
// to those alone; a connection that stands stays with its process until one of the two ends it.
import net from 'node:net';

export class Balancer {
  private readonly endpoints: number[] = [];
  private readonly open = new Set<net.Socket>();
  private readonly server = net.createServer({ allowHalfOpen: true }, (client) => {
    this.connect(client);
  });
  private turn = 0;

  private constructor(readonly port: number) {}

  /** Listens on that port of loopback. */
  static async listen(port: number): Promise<Balancer> {
    const balancer = new Balancer(port);
    await new Promise<void>((resolve, reject) => {
      balancer.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Takes the process on that port in. */
  add(endpoint: number): void {
    this.endpoints.push(endpoint);
  }

  /** Sends it no more connections. */
  remove(endpoint: number): void {
    this.endpoints.splice(this.endpoints.indexOf(endpoint), 1);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private connect(client: net.Socket): void {
    const endpoint = this.endpoints[this.turn++ % Math.max(1, this.endpoints.length)];
    if (endpoint === undefined) {
      client.resetAndDestroy();
      return;
    }
    const process = net.connect({ port: endpoint, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    client.setNoDelay(true);
    this.join(client, process);
    this.join(process, client);
  }

  /** What the one says the other hears, also how it ends. */
  private join(from: net.Socket, to: net.Socket): void {
    this.open.add(from);
    from.pipe(to);
    // What breaks on one side breaks on the other.
    from.on('error', () => to.resetAndDestroy());
    from.once('close', () => {
      this.open.delete(from);
      if (!to.writableEnded) to.destroy();
    });
  }
}
