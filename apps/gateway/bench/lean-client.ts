// A client that costs as little as it can: what it uses of the processor is missing to the gateway that it measures. One
// request at a time on each connection; it reads answers that tell their length, which both gateways do.
import net from 'node:net';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export class LeanClient {
  private received = '';
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(
    private readonly socket: net.Socket,
    private readonly head: string,
  ) {
    // Byte by byte as characters, so that lengths are those of the wire.
    socket.setEncoding('latin1').setNoDelay(true);
    socket.on('data', (text: string) => {
      this.received += text;
      this.take();
    });
    socket.on('close', () => this.waiting?.reject(new Error('The gateway closed the connection.')));
    socket.on('error', (error) => this.waiting?.reject(error));
  }

  static connect({ hostname, port, pathname, host }: URL): Promise<LeanClient> {
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\ncontent-type: application/json\r\n`;
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname);
      socket.once('error', reject).once('connect', () => {
        resolve(new LeanClient(socket, head));
      });
    });
  }

  post(body: string): Promise<Answer> {
    this.socket.write(`${this.head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private take(): void {
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0 || !this.waiting) return;
    const head = this.received.slice(0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    const { resolve, reject } = this.waiting;
    if (length === undefined) {
      reject(new Error(`An answer without a length: ${head}`));
      return;
    }
    const text = this.received.slice(end + 4);
    if (text.length < Number(length)) return;
    this.received = '';
    this.waiting = undefined;
    resolve({ status: Number(head.slice(9, 12)), text });
  }
}
