// One request to a vendor, with whatever fault is in the script for it. The vendor only says what it would answer.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, FaultBook } from './faults.js';
import type { Journal } from './journal.js';
import type { Recordings } from './recordings.js';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a vendor words its own failures. */
export interface VendorFailures {
  readonly vendor: string;
  tooManyRequests(retryAfterSeconds: number): Answer;
  internalError(): Answer;
}

export interface ExchangeDeps {
  readonly faults: FaultBook;
  readonly recordings: Recordings;
  readonly journal: Journal;
}

/**
 * Wraps the part of a request that changes the vendor's state. The vendor calls it inside its idempotency, so that a
 * 500 is kept under the key as the real one keeps it, and a delay keeps the key busy.
 */
export type Effect = (change: () => Answer) => Promise<Answer>;

const lostAfterEffect: ReadonlySet<Fault['kind']> = new Set(['reset-after-effect', 'hang-after-effect']);

/** Runs one exchange: the fault before, the vendor's own answer, the fault after, and a recording of both. */
export async function exchange(
  deps: ExchangeDeps,
  failures: VendorFailures,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (effect: Effect) => Promise<Answer> | Answer,
): Promise<void> {
  const fault = deps.faults.strike(request.method, pathOf(request), request.body);
  const given = await answerUnder(fault, failures, answer);
  const lost = given === undefined || (fault !== undefined && lostAfterEffect.has(fault.kind));
  // A connection that breaks off tells as well that the vendor has done something.
  deps.journal.commit();
  record(deps.recordings, failures.vendor, request, lost ? undefined : given, fault);
  if (lost) breakOff(request, reply, fault?.kind.startsWith('hang') ?? false);
  else await send(reply, given, fault?.kind === 'malformed');
}

/** What the vendor would say; undefined when the request never reached it. */
function answerUnder(
  fault: Fault | undefined,
  failures: VendorFailures,
  answer: (effect: Effect) => Promise<Answer> | Answer,
): Promise<Answer> | Answer | undefined {
  if (fault?.kind === 'reset-before' || fault?.kind === 'hang') return undefined;
  if (fault?.kind === '429') return failures.tooManyRequests(fault.retryAfterSeconds);
  return answer((change) => underFault(fault, failures, change));
}

function record(
  recordings: Recordings,
  vendor: string,
  request: FastifyRequest,
  given: Answer | undefined,
  fault: Fault | undefined,
): void {
  recordings.record({
    direction: 'call',
    vendor,
    method: request.method,
    path: pathOf(request),
    query: request.query,
    requestBody: request.body,
    ...(given && { status: given.status, responseBody: given.body }),
    ...(fault && { fault: fault.kind }),
  });
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? url;

async function underFault(
  fault: Fault | undefined,
  failures: VendorFailures,
  change: () => Answer,
): Promise<Answer> {
  if (fault?.kind === 'delay') await sleep(fault.delayMs);
  if (fault?.kind === '500') return failures.internalError();
  const given = change();
  return fault?.kind === '500-after-effect' ? failures.internalError() : given;
}

/** Ends the connection with a reset, or leaves it open and silent until the caller has had enough. */
function breakOff(request: FastifyRequest, reply: FastifyReply, silently: boolean): void {
  reply.hijack();
  if (!silently) request.raw.socket.resetAndDestroy();
}

async function send(reply: FastifyReply, given: Answer, malformed: boolean): Promise<void> {
  const text = given.body === undefined ? '' : JSON.stringify(given.body);
  void reply.code(given.status).headers(given.headers ?? {});
  if (text !== '') void reply.header('content-type', 'application/json; charset=utf-8');
  // Half a body with the right length for that half: it arrives whole and is not JSON.
  await reply.send(malformed ? text.slice(0, Math.floor(text.length / 2)) : text);
}
