// SIGTERM and SIGINT: stop taking work, finish what is under way, close in the reverse order of opening.
import type { Logger } from './log.js';

export interface Closing {
  /** Registers what to close; the last registered closes first. */
  add(name: string, close: () => unknown): void;
  /** True once the process is on its way out: readiness turns off. */
  readonly closing: boolean;
  close(): Promise<void>;
}

/** @param graceMs after it the process ends whatever is still open. */
export function gracefulShutdown(log: Logger, graceMs = 25_000): Closing {
  const open: { name: string; close: () => unknown }[] = [];
  let closed: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    for (const { name, close } of open.reverse()) {
      try {
        await close();
      } catch (error) {
        log.error({ err: error, reason: name }, 'could not be closed');
      }
    }
  };
  const closing: Closing = {
    add: (name, close) => open.push({ name, close }),
    get closing() {
      return closed !== undefined;
    },
    close: () => (closed ??= run()),
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'closing');
      setTimeout(() => process.exit(1), graceMs).unref();
      void closing.close().then(() => process.exit(0));
    });
  }
  return closing;
}
