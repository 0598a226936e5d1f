// Who two callers must both be so that one answer may serve both.
import type { Viewer } from '@caregraph/runtime';

/**
 * All that a subgraph may decide by. What only names the request is left out. Made anew each time: it costs less than
 * to remember it by a viewer that lives for one request.
 */
export const viewerKey = ({ account, memberships, scopes, amr, authTime, sid, ip }: Viewer): string =>
  JSON.stringify([account, memberships, scopes, amr, authTime, sid, ip]);
