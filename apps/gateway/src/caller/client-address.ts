// Where a caller sits: the socket's address, or what a trusted proxy says it is.
import { isIP, type BlockList } from 'node:net';
import type { IncomingMessage } from 'node:http';

/**
 * Walks X-Forwarded-For from the right for as long as the hop is a trusted proxy, so that what a client writes into
 * the header itself is never believed.
 */
export function clientAddress(
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
  trusted: BlockList,
): string | null {
  const forwarded = request.headers['x-forwarded-for'];
  let address = plain(request.socket.remoteAddress ?? '');
  if (typeof forwarded !== 'string') return address === '' ? null : address;
  const hops = forwarded.split(',').map((hop) => plain(hop.trim()));
  while (isTrusted(address, trusted)) {
    const before = hops.pop();
    if (before === undefined || isIP(before) === 0) break;
    address = before;
  }
  return address === '' ? null : address;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const version = isIP(address);
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** A dual-stack socket writes IPv4 as `::ffff:192.0.2.1`. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');
