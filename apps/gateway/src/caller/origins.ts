// Which web pages may open a socket. HTTP has CORS; browsers do not apply it to sockets.
import type { IncomingMessage } from 'node:http';

/** A caller that is no browser sends no Origin; a page may come from here, or from a listed origin. */
export function originAllowed(
  request: Pick<IncomingMessage, 'headers'>,
  origins: readonly string[],
): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
