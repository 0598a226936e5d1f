// Closing for specs, which end no process.
import type { Closing } from '@caregraph/runtime';

/** As `gracefulShutdown`, without the process's signals. */
export function closingOnDemand(): Closing {
  const open: (() => unknown)[] = [];
  let closed: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (const close of open.reverse()) await close();
  };
  return {
    add: (_name, close) => open.push(close),
    get closing() {
      return closed !== undefined;
    },
    close: () => (closed ??= run()),
  };
}
