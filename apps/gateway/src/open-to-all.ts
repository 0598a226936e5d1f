// GATEWAY_AUTH=off: everybody is nobody logged in, whatever he presents. For development and for graphs of other people.
import type { BlockList } from 'node:net';
import { clientAddress } from './caller/client-address.js';
import { nobody } from './caller/nobody.js';
import type { Identify } from './caller/identify.js';

export const openToAll =
  (trustedProxies: BlockList): Identify =>
  ({ request, requestId }) =>
    Promise.resolve({
      viewer: {
        ...nobody(requestId),
        ip: clientAddress(request, trustedProxies),
        userAgent: request.headers['user-agent']?.slice(0, 256) ?? null,
      },
      expiresAt: null,
      issuedSession: null,
    });
