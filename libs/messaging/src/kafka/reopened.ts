// A connection that is opened when it is first needed and thrown away when it failed: the next user gets a fresh one.

export interface Connected {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

export class Reopened<Client extends Connected> {
  private open: Promise<Client> | undefined;
  private closed = false;

  constructor(private readonly make: () => Client) {}

  /** Runs with the present client; one that fails is not used again. */
  async use<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    if (this.closed) throw new Error('The event transport is closed.');
    const open = (this.open ??= this.connected());
    try {
      return await work(await open);
    } catch (error) {
      if (this.open === open) this.open = undefined;
      void release(open);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.open) await release(this.open);
  }

  private async connected(): Promise<Client> {
    const client = this.make();
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.disconnect().catch(() => undefined);
      throw error;
    }
  }
}

/** What cannot be closed properly was broken already. */
const release = (open: Promise<Connected>): Promise<void> =>
  open.then((client) => client.disconnect()).catch(() => undefined);
