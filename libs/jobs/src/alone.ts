// How a sweep works through its entries: one that fails does not stop the rest (GW-018).
import type { Logger } from '@caregraph/runtime';

/** Runs one entry; its failure is logged and counted, never thrown. */
export type Alone = (one: () => Promise<unknown>) => Promise<unknown>;

/** @param onFailure is told of each entry that failed. */
export const entriesAlone =
  (log: Logger, onFailure: () => void = () => undefined): Alone =>
  async (one) => {
    try {
      await one();
    } catch (error) {
      onFailure();
      log.error({ err: error }, 'one entry of a sweep failed');
    }
  };
