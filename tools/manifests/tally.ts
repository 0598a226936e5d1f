// Counts what held and what did not, and says each at once.

/** Runs one check: it holds when it finds no fault and throws nothing. */
export type Check = (
  title: string,
  faults: () => readonly string[] | Promise<readonly string[]>,
) => Promise<void>;

export interface Tally {
  readonly check: Check;
  readonly say: (line: string) => void;
  /** The closing line; the process will end with 1 when anything failed, or when nothing was checked. */
  readonly close: () => void;
}

export function tally(write: (line: string) => void = console.log): Tally {
  const counts = { passed: 0, failed: 0 };
  return {
    say: write,
    check: async (title, faults) => {
      const found = await attempt(faults);
      counts[found.length === 0 ? 'passed' : 'failed'] += 1;
      write(`${found.length === 0 ? 'ok    ' : 'FAILED'} ${title}`);
      for (const fault of found) write(`         ${fault}`);
    },
    close: () => {
      write(`\n${counts.passed} passed, ${counts.failed} failed`);
      process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
    },
  };
}

async function attempt(faults: Parameters<Check>[1]): Promise<readonly string[]> {
  try {
    return await faults();
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
