// What a transport promises when one of its members is killed: a real process, and a real SIGKILL.
import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { until } from './database.js';
import type { EventTransport } from './event-transport.js';
import { expectOrderByKey, lag, listen, numberOf, record } from './listening.contract.js';
import type { TransportUnderTest } from './transport.contract.js';

export function describeCrashes(log: () => TransportUnderTest): void {
  it('goes on behind a member that was killed with -9, and loses nothing', async () => {
    const topic = 'contract.killed';
    const transport = log().open();
    await transport.append(
      Array.from({ length: 2_000 }, (_, index) => record(topic, `key-${index % 10}`, index)),
    );
    const { script, env } = log().worker;
    const child = startWorker(script, { ...env, CONTRACT_TOPIC: topic, CONTRACT_GROUP: 'reader' });
    const seenByChild: number[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => {
        reject(new Error(`The worker ended with ${String(code)} before it was killed.`));
      });
      child.lines.on('line', (line) => {
        seenByChild.push(Number(line));
        if (seenByChild.length === 1_200) resolve();
      });
    });
    child.kill('SIGKILL');
    const seen = await listen(transport, 'reader', [topic]);
    await until(async () => (await lag(transport, 'reader', topic)) === 0);
    const all = new Set([...seenByChild, ...seen.numbers()]);
    expect(all.size).toBe(2_000);
    expect(seen.events.length).toBeLessThan(2_000);
    expectOrderByKey(seen.events);
    await transport.close();
  }, 60_000);
}

function startWorker(
  script: string,
  env: Record<string, string>,
): ChildProcess & { lines: ReturnType<typeof createInterface> } {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const child = spawn(process.execPath, ['--import', tsx, script], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Object.assign(child, { lines: createInterface(child.stdout) });
}

/** What the worker script of a transport calls: prints the number of each event, slowly, until it is killed. */
export async function runContractWorker(transport: EventTransport): Promise<void> {
  const { CONTRACT_TOPIC: topic = '', CONTRACT_GROUP: group = '' } = process.env;
  await transport.subscribe({
    group,
    topics: [topic],
    onBatch: async ({ events }) => {
      for (const event of events) {
        process.stdout.write(`${numberOf(event)}\n`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  });
}
