// By what a caller is told apart from others where he is charged for what he takes.
import type { Viewer } from '@caregraph/runtime';

/** Anybody gets a new session for nothing, so callers without a token are counted by their address. */
export const callerKey = ({ account, ip, sid }: Viewer): string =>
  account === null ? `address ${ip ?? sid ?? ''}` : `account ${account}`;
