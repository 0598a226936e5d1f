import { parse } from 'graphql';
import { Registry } from 'prom-client';
import { gatewayMetrics } from '../operation/metrics.js';
import type { PlanRun } from '../graph/fetch-steps.js';
import type { Values } from '../graph/values.js';
import { Group } from './group.js';
import type { LiveSubscription } from './subscription.js';

/** Lets everything happen that needs no time. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

class Fixture {
  /** Events whose completion has begun, in that order; each ends when it is told to. */
  readonly begun: string[] = [];
  readonly received: unknown[] = [];
  readonly group = new Group({
    call: () => Promise.reject(new Error('Nobody is called.')),
    metrics: gatewayMetrics(new Registry()),
    mask: (errors) => [...errors],
  });
  private readonly ends = new Map<string, () => void>();

  constructor() {
    this.group.add(this.member());
  }

  push(name: string): void {
    this.group.push(JSON.stringify({ data: { name } }));
  }

  end(name: string): void {
    this.ends.get(name)?.();
  }

  private member(): LiveSubscription {
    const prepared = {
      take: (run: PlanRun, { data }: { data?: Values | null }) => Object.assign(run.data, data),
      complete: (run: PlanRun) => {
        const name = String(run.data.name);
        this.begun.push(name);
        return new Promise<void>((resolve) => this.ends.set(name, resolve));
      },
      introspect: () => () => null,
      shape: (data: Values) => ({ data, errors: [] }),
    };
    const reader = {
      next: (text: string) => this.received.push((JSON.parse(text) as { data: Values }).data.name),
    };
    return {
      planned: { prepared, document: parse('subscription { changed }'), operationName: undefined },
      variables: {},
      viewer: {},
      ids: { requestId: 'r' },
      reader,
      resync: false,
    } as unknown as LiveSubscription;
  }
}

describe('events of one feed', () => {
  it('are completed side by side, and delivered in their order', async () => {
    const feed = new Fixture();
    for (const name of ['a', 'b', 'c']) feed.push(name);
    await settled();
    expect(feed.begun).toEqual(['a', 'b', 'c']);
    feed.end('c');
    feed.end('b');
    await settled();
    expect(feed.received).toEqual([]);
    feed.end('a');
    await settled();
    expect(feed.received).toEqual(['a', 'b', 'c']);
    expect(feed.group.waiting).toBe(0);
  });

  it('are begun eight at a time, the next as soon as one before it has ended', async () => {
    const feed = new Fixture();
    const names = Array.from({ length: 20 }, (_, index) => `event ${index}`);
    for (const name of names) feed.push(name);
    await settled();
    expect(feed.begun).toEqual(names.slice(0, 8));
    for (const name of names.slice(0, 3)) feed.end(name);
    await settled();
    expect(feed.begun).toEqual(names.slice(0, 11));
    expect(feed.received).toEqual(names.slice(0, 3));
    while (feed.received.length < names.length) {
      for (const name of feed.begun) feed.end(name);
      await settled();
    }
    expect(feed.received).toEqual(names);
  });
});
