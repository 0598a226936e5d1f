// A subscription as server-sent events. A stream that ends without `complete` was cut: it is asked for again.
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import type { Subscriber } from './live-log.js';
import { take, watchDocument } from './live-result.js';
import { moment } from './socket-client.js';

export class StreamClient {
  private readonly left = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly subscriber: Subscriber,
  ) {
    this.running = this.follow();
  }

  async leave(): Promise<void> {
    this.subscriber.leftAt = Date.now();
    this.left.abort();
    await this.running;
  }

  private async follow(): Promise<void> {
    const { heard } = this.subscriber;
    for (let tries = 0; ; tries += 1) {
      heard.push({ kind: 'asked', at: Date.now() });
      const how = await this.once().catch((error: unknown) => String(error));
      if (this.left.signal.aborted) return;
      heard.push(
        how === 'complete'
          ? { kind: 'failed', at: Date.now(), why: 'it was completed' }
          : { kind: 'cut', at: Date.now(), code: how },
      );
      const came = await pause(moment(tries), true, { signal: this.left.signal }).catch(() => false);
      if (!came) return;
    }
  }

  /** How it ended. */
  private async once(): Promise<string> {
    const { topic } = this.subscriber;
    const { statusCode, body } = await request(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${this.token}`,
      },
      body: JSON.stringify({ query: watchDocument, variables: { [topic.field]: topic.id } }),
      signal: this.left.signal,
      bodyTimeout: 30_000,
    });
    if (statusCode !== 200) throw new Error(`status ${statusCode}: ${await body.text()}`);
    let text = '';
    for await (const chunk of body.setEncoding('utf8')) {
      const parts = (text + String(chunk)).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) if (this.hear(part)) return 'complete';
    }
    return 'ended';
  }

  /** Whether it was the last. */
  private hear(message: string): boolean {
    const event = /^event: (\w+)$/m.exec(message)?.[1];
    const data = /^data: (.*)$/m.exec(message)?.[1];
    if (event === 'next' && data !== undefined) take(this.subscriber.heard, JSON.parse(data));
    return event === 'complete';
  }
}
