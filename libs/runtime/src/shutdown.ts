// SIGTERM and SIGINT: stop taking work, finish what is under way, close in the reverse order of opening.
import type { Logger } from './log.js';

export interface Closing {
  /** Registers what to close; the last registered closes first. */
  add(name: string, close: () => unknown): void;
  /** True once the process is on its way out: readiness turns off. */
  readonly closing: boolean;
  close(): Promise<void>;
}

/**
 * An error that nobody caught ends the process at once: it is logged as any other, and not printed whole with what it
 * carries.
 * @param graceMs after it the process ends with 1, whatever is still open.
 */
export function gracefulShutdown(log: Logger, graceMs = 25_000): Closing {
  const open: { name: string; close: () => unknown }[] = [];
  let closed: Promise<void> | undefined;
  let underWay = '';

  const run = async (): Promise<void> => {
    // Popped one by one, so that what is registered meanwhile is closed too.
    for (let last = open.pop(); last; last = open.pop()) {
      underWay = last.name;
      try {
        await last.close();
      } catch (error) {
        log.error({ err: error, reason: last.name }, 'could not be closed');
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
      setTimeout(() => {
        log.error({ reason: underWay }, 'did not close in time');
        process.exit(1);
      }, graceMs).unref();
      void closing.close().then(() => process.exit(0));
    });
  }
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error that nobody caught');
    process.exit(1);
  });
  return closing;
}
