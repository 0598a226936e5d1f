// The gateway and its subgraphs for the bench of live updates, as a process of its own, told by lines on standard input:
// `publish <topic>` and `memory`. Prints its address, then what it is asked.
import { createInterface } from 'node:readline';
import { runGateway } from '../src/testing/running-gateway.js';

const many = 1_000_000;
// All sockets come from one address, and by one caller.
const rates = ['CALLER', 'ADDRESS', 'CONNECTIONS'].map((name) => [`RATE_LIMIT_${name}`, String(many)]);
const gateway = await runGateway(Object.fromEntries(rates) as Record<string, string>, {
  perCaller: many,
  connections: many,
  subscriptions: many,
});
const token = await gateway.issuer.token({ sub: 'bench' });
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
say({ url: gateway.socketUrl, token });

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, id = ''] = line.split(' ');
  if (command === 'publish')
    gateway.pubSub.publish('changed', { id, status: String(performance.timeOrigin + performance.now()) });
  if (command === 'memory') {
    globalThis.gc?.();
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    say({ rss, heap: heapUsed + external, cpu: user + system, upstreams: gateway.live() });
  }
  if (command === 'end') process.exit(0);
});
