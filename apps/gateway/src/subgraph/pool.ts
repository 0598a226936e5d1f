// The connections to one subgraph.
import { Pool } from 'undici';

/**
 * A subgraph that closes serves kept connections on for 5 s (DRAIN_MS). Nothing is sent on one that has rested for
 * longer than this, so that no mutation meets the moment in which it is closed. undici counts in seconds at best.
 */
const longestRestMs = 3_000;

/** Measured: many connections without pipelining are twice as fast as few with it (head-of-line blocking). */
export const subgraphPool = (url: URL): Pool =>
  new Pool(url.origin, {
    connections: 64,
    pipelining: 1,
    connect: { timeout: 2_000 },
    keepAliveTimeout: longestRestMs,
    keepAliveMaxTimeout: longestRestMs,
    // Each exchange has its own deadline: see `exchange.ts`.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
