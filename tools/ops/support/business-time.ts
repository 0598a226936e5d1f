// What time it is for the business: on a laptop the sandbox may have moved the clock.
import fs from 'node:fs';
import { runningStack, stackFile } from './stack.js';

/** The sandbox's time where a stack runs, else the machine's. */
export async function businessTime(): Promise<Date> {
  const sandbox = fs.existsSync(stackFile()) ? runningStack().urls.sandbox : undefined;
  if (!sandbox) return new Date();
  try {
    const response = await fetch(new URL('/_sandbox/clock?after=-1', sandbox), {
      signal: AbortSignal.timeout(2_000),
    });
    const { offsetMs } = (await response.json()) as { offsetMs: number };
    return new Date(Date.now() + offsetMs);
  } catch {
    return new Date();
  }
}
