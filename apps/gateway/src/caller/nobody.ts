// A viewer of whom nothing is known.
import type { Viewer } from '@caregraph/runtime';

/** @param requestId the request that he sent. */
export const nobody = (requestId: string): Viewer => ({
  account: null,
  memberships: [],
  scopes: [],
  amr: [],
  authTime: null,
  sid: null,
  ip: null,
  requestId,
  idempotencyKey: null,
  userAgent: null,
});
