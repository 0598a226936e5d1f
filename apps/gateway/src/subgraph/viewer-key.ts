// Who two callers must both be so that one answer may serve both.
import type { Viewer } from '@caregraph/runtime';

const known = new WeakMap<Viewer, string>();

/** All that a subgraph may decide by. What only names the request is left out. */
export function viewerKey(viewer: Viewer): string {
  let key = known.get(viewer);
  if (key === undefined) {
    const { account, memberships, scopes, amr, authTime, sid, ip } = viewer;
    key = JSON.stringify([account, memberships, scopes, amr, authTime, sid, ip]);
    known.set(viewer, key);
  }
  return key;
}
