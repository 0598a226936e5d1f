// Calls one subgraph: one serialised body, one viewer token bound to it, a deadline. Queries that are alike and under
// way at the same time are one call; a query whose connection broke is tried again, a mutation never.
import { setTimeout as pause } from 'node:timers/promises';
import { OperationTypeNode } from 'graphql';
import type { Pool } from 'undici';
import {
  failSpan,
  signViewer,
  span,
  traceparent,
  type Logger,
  type SpanAttributes,
  type Viewer,
  type ViewerKey,
} from '@caregraph/runtime';
import type { SubgraphAnswer, SubgraphCall } from '../graph/fetch-steps.js';
import type { GatewayMetrics } from '../operation/metrics.js';
import type { OperationContext } from '../operation/operation-rules.js';
import { readAnswer, unavailableAnswer } from './answer.js';
import { breaker, isBroken, type BreakerOptions } from './breaker.js';
import { exchange } from './exchange.js';
import type { Presence } from './presence.js';
import { CallerLeft, SharedCalls } from './shared-calls.js';
import { viewerKey } from './viewer-key.js';

export interface Subgraph {
  /** The name in the supergraph, which is also the audience of its viewer tokens. */
  readonly name: string;
  readonly url: URL;
  /** None where the gateway runs without authentication, for development. */
  readonly keys: Iterable<ViewerKey> | undefined;
  readonly pool: Pool;
}

export interface ClientOptions {
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
  /** How long a call may take, in milliseconds; 10 seconds when left out. The request's deadline may end it sooner. */
  readonly timeoutMs?: number;
  /** When calls are not even tried any more; see `breaker.ts`. */
  readonly breaker?: Omit<BreakerOptions, 'changed'>;
}

/** Milliseconds that are left, told to the subgraph so that it does not work for nobody. */
export const timeLeftHeader = 'x-caregraph-timeout-ms';

export class SubgraphClient {
  private readonly underWay = new SharedCalls();
  private readonly breaker: ReturnType<typeof breaker>;
  private readonly path: string;
  private readonly spanName: string;
  private readonly spanAttributes: SpanAttributes;

  constructor(
    private readonly subgraph: Subgraph,
    private readonly options: ClientOptions,
  ) {
    const changed = (open: boolean): void => {
      options.metrics.breaker(subgraph.name, open);
      if (open) options.log.warn({ subgraph: subgraph.name }, 'a subgraph is not asked for now');
    };
    this.breaker = breaker({ ...options.breaker, changed });
    this.path = subgraph.url.pathname;
    this.spanName = `subgraph ${subgraph.name}`;
    this.spanAttributes = { 'caregraph.subgraph': subgraph.name };
  }

  /** Answers also when the subgraph does not: then with UNAVAILABLE. Throws CallerLeft for a query of one who has. */
  call(call: SubgraphCall, context: OperationContext): Promise<SubgraphAnswer> {
    return span(this.spanName, this.spanAttributes, () => this.ask(call, context), { kind: 'client' });
  }

  private async ask(call: SubgraphCall, context: OperationContext): Promise<SubgraphAnswer> {
    const isQuery = call.kind === OperationTypeNode.QUERY;
    const started = performance.now();
    try {
      const answer = readAnswer(await (isQuery ? this.shared(call, context) : this.change(call, context)));
      this.count((answer.errors?.length ?? 0) > 0 ? 'error' : 'ok', started);
      return answer;
    } catch (error) {
      // It tells nothing of the subgraph.
      if (error instanceof CallerLeft) throw error;
      failSpan(error);
      const { requestId } = context.viewer;
      this.options.log.warn(
        { err: error, subgraph: this.subgraph.name, requestId },
        'a subgraph is not available',
      );
      this.count('unavailable', started);
      return unavailableAnswer();
    }
  }

  private count(outcome: 'ok' | 'error' | 'unavailable', started: number): void {
    this.options.metrics.subgraph(this.subgraph.name, outcome, (performance.now() - started) / 1000);
  }

  /** Also one that failed may have happened. */
  private async change(call: SubgraphCall, context: OperationContext): Promise<string> {
    try {
      return await this.send(call, context);
    } finally {
      this.underWay.joinNoMore();
    }
  }

  /** Each asker parses the text for himself: what is parsed is merged into his own answer. */
  private shared(call: SubgraphCall, context: OperationContext): Promise<string> {
    const alike = { asker: (context.asker ??= askerOf(context)), body: call.body };
    return this.underWay.ask(alike, context.left, (askers) => this.twice(call, context, askers));
  }

  private async twice(call: SubgraphCall, context: OperationContext, askers: Presence): Promise<string> {
    try {
      return await this.send(call, context, askers);
    } catch (error) {
      if (!isBroken(error) || askers.left) throw error;
      // A subgraph that is started again takes moments; all who wait for it must not come back at once.
      await pause(20 + Math.random() * 80);
      return this.send(call, context, askers);
    }
  }

  private async send(
    { body }: SubgraphCall,
    { viewer, deadline, timeZone }: OperationContext,
    askers?: Presence,
  ): Promise<string> {
    const patienceMs = Math.ceil(Math.min(this.options.timeoutMs ?? 10_000, deadline - performance.now()));
    if (patienceMs <= 0) throw new Error('There is no time left for this call.');
    if (askers?.left === true) throw new CallerLeft();
    const { path } = this;
    const { name, keys, pool } = this.subgraph;
    const headers = headersFor(viewer, patienceMs);
    if (timeZone !== undefined) headers['x-timezone'] = timeZone;
    if (keys) headers['x-caregraph-viewer'] = await signViewer(viewer, { audience: name, body, keys });
    const response = await this.breaker.execute(() =>
      exchange(pool, { path, headers, body, patienceMs, askers }),
    );
    // 401 speaks of the gateway's own token, never of the caller: keys or clocks of the two differ.
    if (response.status === 401) throw new Error('The subgraph does not accept the viewer token.');
    return response.text;
  }
}

/** All who may be given one answer. */
const askerOf = ({ viewer, timeZone }: OperationContext): string =>
  timeZone === undefined ? viewerKey(viewer) : `${viewerKey(viewer)}\n${timeZone}`;

/** Nothing that the client sent goes along but what the viewer token says, and the time zone, which we know is one. */
function headersFor({ requestId }: Viewer, timeLeft: number): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-request-id': requestId,
    [timeLeftHeader]: String(timeLeft),
  };
  const trace = traceparent();
  if (trace !== undefined) headers.traceparent = trace;
  return headers;
}
