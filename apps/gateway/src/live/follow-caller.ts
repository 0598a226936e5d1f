// Who stays connected keeps the rights that he has at present, not those that he came with.
import { TokenRejected } from '../caller/access-token.js';
import type { Caller } from '../caller/identify.js';
import type { Knowledge } from '../known/knowledge.js';
import { atInstant } from './at-instant.js';

export interface Told {
  readonly expired: () => void;
  /** From now on this is who he is. */
  readonly renewed: (caller: Caller) => void;
  /** His session or key is revoked. */
  readonly revoked: () => void;
  /** It cannot be known. */
  readonly unknown: () => void;
}

/** Follows a caller until it is stopped or he is let in no more: what is known of him, and when his token ends. */
export function followCaller(
  caller: Caller,
  known: Pick<Knowledge, 'follow'> | undefined,
  told: Told,
): () => void {
  const { account } = caller.viewer;
  const { again } = caller;
  const stopTimer = atInstant(caller.expiresAt, told.expired);
  if (!known || account === null || !again) return stopTimer;
  let stop: () => void = () => undefined;
  let asked = 0;
  const ask = async (): Promise<void> => {
    const number = (asked += 1);
    try {
      const renewed = await again();
      // The answer to a later question is on its way.
      if (number !== asked) return;
      follow(renewed);
      if (!isSame(renewed, caller)) told.renewed(renewed);
      caller = renewed;
    } catch (error) {
      if (number !== asked) return;
      stopAll();
      if (error instanceof TokenRejected) told.revoked();
      else told.unknown();
    }
  };
  const follow = ({ viewer: { memberships } }: Caller): void => {
    stop();
    stop = known.follow(account, { memberships, changed: () => void ask() });
  };
  const stopAll = (): void => {
    asked += 1;
    stopTimer();
    stop();
  };
  follow(caller);
  // What was told between being let in and now was told to nobody.
  void ask();
  return stopAll;
}

const isSame = (one: Caller, other: Caller): boolean =>
  JSON.stringify([one.viewer.memberships, one.viewer.scopes]) ===
  JSON.stringify([other.viewer.memberships, other.viewer.scopes]);
