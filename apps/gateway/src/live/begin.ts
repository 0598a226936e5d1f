// Begins an operation that came over a socket or asks for a stream: a subscription goes to live updates, a query or
// mutation to where those over HTTP go, under the same rules.
import type { IncomingHttpHeaders } from 'node:http';
import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Load, Viewer } from '@caregraph/runtime';
import type { Identify } from '../caller/identify.js';
import type { AskedDocument, Asking, Documents } from '../documents/documents.js';
import { overloaded } from '../limits/overloaded.js';
import { asGraphQLError, type Mask } from '../operation/masking.js';
import type { Knowledge } from '../known/knowledge.js';
import type { GatewayMetrics } from '../operation/metrics.js';
import { unstorable, type OperationContext } from '../operation/operation-rules.js';
import { unstorableText } from '../operation/unstorable-text.js';
import type { LiveUpdates } from './live-updates.js';
import type { Admit } from './admission.js';
import type { LiveSubscription, Reader } from './subscription.js';
import type { PlannedSubscription, SubscriptionPlans } from './subscription-plans.js';
import { beginSubscription, nameSubscription, type AskedSubscription } from './subscription-trace.js';

/** What a client sends; the text is empty where an id stands for it. */
export type Payload = Pick<SubscribePayload, 'query' | 'operationName' | 'variables' | 'extensions'> &
  Pick<Asking, 'documentId'>;

/** Runs a query or mutation by all the rules that hold over HTTP. */
export type RunRequest = (
  payload: Payload,
  context: Pick<OperationContext, 'viewer' | 'document' | 'knownSession'>,
) => Promise<FormattedExecutionResult>;

export interface BeginOptions {
  readonly identify: Identify;
  /** Who tells that a caller's rights have changed; nobody where nobody is asked who he is. */
  readonly known?: Pick<Knowledge, 'follow'> | undefined;
  readonly plans: SubscriptionPlans;
  readonly updates: LiveUpdates;
  readonly run: RunRequest;
  readonly metrics: GatewayMetrics;
  readonly mask: Mask;
  readonly documents: Documents;
  /** Whether a subscription may begin, see `admission.ts`. */
  readonly admit: Admit;
  readonly load: Pick<Load, 'place' | 'takesMore'>;
}

export interface Beginning {
  readonly payload: Payload;
  readonly viewer: Viewer;
  /** As in OperationContext. */
  readonly knownSession: boolean;
  readonly headers: IncomingHttpHeaders;
  /** Why it may not begin. */
  readonly full?: GraphQLError | undefined;
  readonly reader: Reader;
}

/** Of which the document is known. */
interface Begun extends Beginning {
  readonly document: AskedDocument | undefined;
}

/** An operation under way. */
export interface Running {
  stop(): void;
  /** The caller has a fresh token. */
  renew(viewer: Viewer): void;
}

export const notYet: Running = { stop: () => undefined, renew: () => undefined };

/** Undefined when it is over at once: the reader was told why. */
export function begin(beginning: Beginning, options: BeginOptions): Running | undefined {
  const { reader, headers, full, viewer } = beginning;
  const asked = beginSubscription(beginning.payload, { headers });
  const { trace, ids } = asked;
  try {
    if (full) throw full;
    if (!options.load.takesMore()) throw overloaded();
    const document = options.documents.asked(beginning.payload, viewer);
    const payload = document ? { ...beginning.payload, query: document.text } : beginning.payload;
    const begun = { ...beginning, payload, document };
    return options.plans.isRequest(payload.query, payload.operationName)
      ? request(begun, asked, options)
      : subscription(begun, asked, options);
  } catch (error) {
    trace.fail(error);
    trace.end();
    reader.fail(options.mask([asGraphQLError(error)], ids));
    return undefined;
  }
}

/** It begins once it is admitted, by then perhaps on another graph, or for a caller with a fresh token. */
function subscription(
  { payload, viewer, reader, document, knownSession }: Begun,
  { trace, ids }: AskedSubscription,
  options: BeginOptions,
): Running {
  const { plans, updates, admit, documents } = options;
  const variables = payload.variables ?? {};
  const field = unstorableText(variables);
  if (field !== undefined) throw unstorable(field);
  const own = (now: Viewer): Viewer => ({ ...now, requestId: ids.requestId });
  const plannedFor = (now: Viewer): PlannedSubscription =>
    plans.plan(payload.query, payload.operationName, own(now));
  const asked = plannedFor(viewer);
  const check = (planned: PlannedSubscription, now: Viewer): void => {
    plans.checkVariables(planned, variables);
    plans.checkPermitted(planned, now, variables);
  };
  check(asked, viewer);
  nameSubscription(trace, asked);
  const begun = new BegunSubscription(viewer, updates);
  const start = (): void => {
    if (begun.isOver) return;
    const present = begun.viewer;
    const planned = plannedFor(present);
    if (planned !== asked || present !== viewer) check(planned, present);
    if (document) documents.remember(document, present);
    const common = { planned, variables, ids, traceparent: trace.traceparent, reader };
    begun.live = trace.run(() => updates.subscribe({ ...common, viewer: own(present) }));
  };
  admit(asked, { variables, viewer, knownSession })
    .then(start)
    .catch((error: unknown) => {
      trace.fail(error);
      if (!begun.isOver) reader.fail(options.mask([asGraphQLError(error)], ids));
    })
    .finally(() => {
      trace.end();
    });
  return begun;
}

/** What is kept of one that has begun: a function in its place would keep the document and the trace of thousands. */
class BegunSubscription implements Running {
  isOver = false;
  live: LiveSubscription | undefined;

  constructor(
    public viewer: Viewer,
    private readonly updates: LiveUpdates,
  ) {}

  stop(): void {
    this.isOver = true;
    if (this.live) this.updates.leave(this.live);
  }

  renew(viewer: Viewer): void {
    this.viewer = viewer;
    if (this.live) this.updates.renew(this.live, viewer);
  }
}

function request(
  { payload, viewer, reader, document, knownSession }: Begun,
  { trace, ids }: AskedSubscription,
  { run, mask, load }: BeginOptions,
): Running {
  const placed = async (): Promise<FormattedExecutionResult> => {
    const leave = await load.place();
    if (!leave) throw overloaded();
    const context = { viewer: { ...viewer, requestId: ids.requestId }, document, knownSession };
    return run(payload, context).finally(leave);
  };
  void trace
    .run(placed)
    .then(
      (result) => {
        // Without data nothing was run.
        if (result.data === undefined && result.errors) {
          reader.fail(result.errors);
          return;
        }
        reader.next(JSON.stringify(result));
        reader.complete();
      },
      (error: unknown) => {
        trace.fail(error);
        reader.fail(mask([asGraphQLError(error)], ids));
      },
    )
    .finally(() => {
      trace.end();
    });
  return notYet;
}
