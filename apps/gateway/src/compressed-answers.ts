// Long answers go out compressed to whoever takes them so: five hundred free times have an eighth of their size then
// (GW-039). Tokens travel in headers and never in cookies, so no page of somebody else's can measure secrets by what it makes a
// browser ask. Live updates are many and short, and stay as they are.
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** In characters; below it the work is dearer than the way. */
const worthwhile = 4_096;

/** Fast rather than small: the last tenth of the size costs as much time as all the rest. */
const level = 4;

export function addCompression(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload: unknown, done) => {
    if (typeof payload !== 'string' || payload.length < worthwhile) {
      done(null, payload);
      return;
    }
    // A cache between us must not give it to somebody who cannot read it.
    void reply.header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '));
    if (!takesGzip(request.headers['accept-encoding'])) {
      done(null, payload);
      return;
    }
    gzip(payload, { level }, (error, compressed) => {
      if (error) {
        done(error);
        return;
      }
      void reply.removeHeader('content-length').header('content-encoding', 'gzip');
      done(null, compressed);
    });
  });
}

/** Whether gzip is named, and not with the weight 0, by which a client says that it does not want it. */
export const takesGzip = (accepted: string | string[] = ''): boolean =>
  accepted
    .toString()
    .split(',')
    .some((one) => {
      const [name, ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
      return name === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    });
