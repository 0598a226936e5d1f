// Ports on loopback. They are chosen below the range that systems use for outgoing connections, so that a port stays
// ours while its app restarts.
import { randomInt } from 'node:crypto';
import net from 'node:net';

const lowest = 20_000;
const highest = 32_000;

/** Different free ports, one per name. A preferred one is taken when it is free. */
export async function choosePorts(
  names: readonly string[],
  preferred: Readonly<Record<string, number | undefined>> = {},
): Promise<Record<string, number>> {
  const chosen: Record<string, number> = {};
  for (const name of names) {
    const taken = Object.values(chosen);
    const wish = preferred[name];
    chosen[name] =
      wish !== undefined && !taken.includes(wish) && (await isFree(wish)) ? wish : await anyFree(taken);
  }
  return chosen;
}

async function anyFree(taken: readonly number[]): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = randomInt(lowest, highest);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`No free port between ${lowest} and ${highest} on loopback.`);
}

/** Whether nothing listens there, neither on loopback nor on all addresses. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
