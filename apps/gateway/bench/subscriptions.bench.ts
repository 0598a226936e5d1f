// Live updates under load: how long an event takes to reach thousands of sockets, how many deliveries a second a burst
// makes, and what a subscription weighs. The gateway, bundled as it is shipped, and the fake subgraph that publishes are
// one process; all sockets are clients of this one.
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { benchFolder, bundled } from './processes.js';

const query =
  'subscription ($id: ID) { appointmentChanged(id: $id) { status note payment { status amountMinor } } }';
const burst = 20;
const now = (): number => performance.timeOrigin + performance.now();

interface Address {
  readonly url: string;
  readonly token: string;
}
interface Memory {
  readonly heap: number;
  /** Microseconds of the processor so far. */
  readonly cpu: number;
  readonly rss: number;
  readonly upstreams: number;
}

class Gateway {
  private readonly answers: ((line: string) => void)[] = [];
  private constructor(private readonly process: ChildProcess) {
    if (!process.stdout) throw new Error('No output.');
    createInterface({ input: process.stdout }).on('line', (line) => this.answers.shift()?.(line));
  }

  static async start(file: string): Promise<{ gateway: Gateway; address: Address }> {
    const child = spawn(process.execPath, ['--expose-gc', file], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, APOLLO_TELEMETRY_DISABLED: 'true' },
    });
    const gateway = new Gateway(child);
    return { gateway, address: JSON.parse(await gateway.answer()) as Address };
  }

  say(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  async memory(): Promise<Memory> {
    this.say('memory');
    return JSON.parse(await this.answer()) as Memory;
  }

  private answer(): Promise<string> {
    return new Promise((resolve) => this.answers.push(resolve));
  }
}

/** Counts what arrives at all sockets, and how long each was under way. */
class Received {
  count = 0;
  last = 0;
  latencies: number[] = [];

  take(text: string): void {
    const sent = /"status":"([\d.]+)"/.exec(text)?.[1];
    if (sent === undefined) return;
    this.count += 1;
    this.last = now();
    this.latencies.push(this.last - Number(sent));
  }

  async all(count: number): Promise<void> {
    const deadline = now() + 60_000;
    while (this.count < count) {
      if (now() > deadline) throw new Error(`${this.count} of ${count} arrived.`);
      await pause(5);
    }
  }

  clear(): void {
    this.count = 0;
    this.latencies = [];
  }
}

async function open({ url, token }: Address, id: string, received: Received): Promise<WebSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const said = { authorization: `Bearer ${token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload: said }));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.on('message', (data: Buffer) => {
    received.take(data.toString());
  });
  const payload = { query, variables: { id } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  return socket;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

async function measure(
  file: string,
  sockets: number,
  topics: number,
): Promise<Record<string, string | number>> {
  const { gateway, address } = await Gateway.start(file);
  const received = new Received();
  const opened: WebSocket[] = [];
  const before = await gateway.memory();
  for (let first = 0; first < sockets; first += 100) {
    const some = Array.from({ length: Math.min(100, sockets - first) }, (_, index) =>
      open(address, `a${(first + index) % topics}`, received),
    );
    opened.push(...(await Promise.all(some)));
  }
  await pause(2_000);
  const after = await gateway.memory();
  // The fake subgraph tells each event to all of its subscriptions, so each reaches each socket.
  for (let event = 1; event <= 5; event += 1) {
    gateway.say('publish a0');
    await received.all(sockets * event);
  }
  received.clear();
  for (let event = 1; event <= burst; event += 1) {
    gateway.say('publish a0');
    await received.all(sockets * event);
  }
  const sorted = received.latencies.toSorted((one, other) => one - other);
  received.clear();
  const { cpu } = await gateway.memory();
  const begun = now();
  for (let event = 0; event < burst; event += 1) gateway.say('publish a0');
  await received.all(sockets * burst);
  const seconds = (received.last - begun) / 1000;
  const spent = (await gateway.memory()).cpu - cpu;
  for (const socket of opened) socket.terminate();
  gateway.say('end');
  return {
    sockets,
    topics,
    upstreams: after.upstreams,
    'p50 ms': percentile(sorted, 0.5).toFixed(1),
    'p99 ms': percentile(sorted, 0.99).toFixed(1),
    'deliveries/s': Math.round((sockets * burst) / seconds),
    'CPU µs each': (spent / sockets / burst).toFixed(1),
    'RSS KB each': ((after.rss - before.rss) / sockets / 1024).toFixed(1),
    'heap KB each': ((after.heap - before.heap) / sockets / 1024).toFixed(1),
  };
}

const folder = benchFolder();
try {
  const file = await bundled('bench/live-gateway.ts', folder);
  const rows = [];
  for (const [sockets, topics] of [[1_000, 1], [5_000, 1], [1_000, 1_000], [5_000, 1_000]] as const)
    rows.push(await measure(file, sockets, topics)); // prettier-ignore
  console.table(rows);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
