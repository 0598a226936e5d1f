// A subscription's trace: its own span ends when it has begun, since it may go on for hours, and each event that is
// completed for it becomes another span of the trace. Its request's id is made from the trace, as over HTTP.
import type { IncomingMessage } from 'node:http';
import { getOperationAST } from 'graphql';
import { openSpanOf, type OpenSpan } from '@caregraph/runtime';
import { errorIds, requestIdOf, type ErrorIds } from '../caller/request-id.js';
import { textOf } from '../caller/request-trace.js';
import type { PlannedSubscription } from './subscription-plans.js';

export interface AskedSubscription {
  readonly ids: ErrorIds;
  readonly trace: OpenSpan;
}

interface Payload {
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A page cannot set a socket's headers: its `traceparent` comes with the operation's extensions. */
export function beginSubscription(
  { extensions }: Payload,
  { headers }: Pick<IncomingMessage, 'headers'>,
): AskedSubscription {
  const header = textOf(extensions?.traceparent) ?? textOf(headers.traceparent);
  const attributes = { 'graphql.operation.type': 'subscription' };
  const trace = openSpanOf(header, 'subscription', attributes, { kind: 'server' });
  const ids = errorIds(requestIdOf(headers, trace.traceId), trace.traceId);
  trace.describe({ 'caregraph.request.id': ids.requestId });
  return { ids, trace };
}

/** The name that the document gives, since clients seldom repeat it. */
export const subscriptionName = ({ document, operationName }: PlannedSubscription): string =>
  getOperationAST(document, operationName)?.name?.value ?? 'anonymous';

/** Only a valid operation gives its name to the span. */
export function nameSubscription(trace: OpenSpan, planned: PlannedSubscription): void {
  const name = subscriptionName(planned);
  trace.describe({ 'graphql.operation.name': name }, `subscription ${name}`);
}
