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
  type Viewer,
  type ViewerKey,
} from '@caregraph/runtime';
import type { SubgraphAnswer, SubgraphCall } from '../graph/fetch-steps.js';
import type { GatewayMetrics } from '../operation/metrics.js';
import type { OperationContext } from '../operation/operation-rules.js';
import { readAnswer, unavailableAnswer } from './answer.js';
import { breaker, isBroken, type BreakerOptions } from './breaker.js';
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

/** A call that is given up after so many milliseconds speaks against the subgraph. */
const hangsAfter = 2_000;

export class SubgraphClient {
  private readonly underWay = new SharedCalls();
  private readonly breaker: ReturnType<typeof breaker>;

  constructor(
    private readonly subgraph: Subgraph,
    private readonly options: ClientOptions,
  ) {
    const changed = (open: boolean): void => {
      options.metrics.breaker(subgraph.name, open);
      if (open) options.log.warn({ subgraph: subgraph.name }, 'a subgraph is not asked for now');
    };
    this.breaker = breaker({ ...options.breaker, changed });
  }

  /** Answers also when the subgraph does not: then with UNAVAILABLE. Throws CallerLeft for a query of one who has. */
  async call(call: SubgraphCall, context: OperationContext): Promise<SubgraphAnswer> {
    const { name } = this.subgraph;
    const started = performance.now();
    const answer = await span(
      `subgraph ${name}`,
      { 'caregraph.subgraph': name },
      () => this.ask(call, context),
      { kind: 'client' },
    );
    const outcome = answer === undefined ? 'unavailable' : (answer.errors?.length ?? 0) > 0 ? 'error' : 'ok';
    this.options.metrics.subgraph(name, outcome, (performance.now() - started) / 1000);
    return answer ?? unavailableAnswer();
  }

  private async ask(call: SubgraphCall, context: OperationContext): Promise<SubgraphAnswer | undefined> {
    const isQuery = call.kind === OperationTypeNode.QUERY;
    try {
      return readAnswer(await (isQuery ? this.shared(call, context) : this.send(call, context)));
    } catch (error) {
      // It tells nothing of the subgraph.
      if (error instanceof CallerLeft) throw error;
      failSpan(error);
      const { requestId } = context.viewer;
      this.options.log.warn(
        { err: error, subgraph: this.subgraph.name, requestId },
        'a subgraph is not available',
      );
      return undefined;
    }
  }

  /** Each asker parses the text for himself: what is parsed is merged into his own answer. */
  private shared(call: SubgraphCall, context: OperationContext): Promise<string> {
    const key = `${viewerKey(context.viewer)}\n${context.timeZone ?? ''}\n${call.body}`;
    return this.underWay.ask(key, context.left, (allLeft) => this.twice(call, context, allLeft));
  }

  private async twice(call: SubgraphCall, context: OperationContext, allLeft: AbortSignal): Promise<string> {
    try {
      return await this.send(call, context, allLeft);
    } catch (error) {
      if (!isBroken(error) || allLeft.aborted) throw error;
      // A subgraph that is started again takes moments; all who wait for it must not come back at once.
      await pause(20 + Math.random() * 80);
      return this.send(call, context, allLeft);
    }
  }

  private async send(
    { body }: SubgraphCall,
    { viewer, deadline, timeZone }: OperationContext,
    allLeft?: AbortSignal,
  ): Promise<string> {
    const timeLeft = Math.ceil(Math.min(this.options.timeoutMs ?? 10_000, deadline - performance.now()));
    if (timeLeft <= 0) throw new Error('There is no time left for this call.');
    const headers = {
      ...(await this.headers(viewer, body, timeLeft)),
      ...(timeZone === undefined ? {} : { 'x-timezone': timeZone }),
    };
    const response = await this.breaker.execute(() => this.exchange(headers, body, timeLeft, allLeft));
    // 401 speaks of the gateway's own token, never of the caller: keys or clocks of the two differ.
    if (response.status === 401) throw new Error('The subgraph does not accept the viewer token.');
    return response.text;
  }

  private async exchange(
    headers: Record<string, string>,
    body: string,
    timeLeft: number,
    allLeft: AbortSignal | undefined,
  ): Promise<{ status: number; text: string }> {
    const { url, pool } = this.subgraph;
    const started = performance.now();
    const timeout = AbortSignal.timeout(timeLeft);
    const signal = allLeft ? AbortSignal.any([timeout, allLeft]) : timeout;
    try {
      const response = await pool.request({ method: 'POST', path: url.pathname, headers, body, signal });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      // Callers who give up before we do would otherwise hide that the subgraph hangs.
      if (allLeft?.aborted === true && performance.now() - started > hangsAfter)
        throw new DOMException('All callers gave up.', 'TimeoutError');
      throw error;
    }
  }

  /** Nothing that the client sent goes along but what the viewer token says, and the time zone, which we know is one. */
  private async headers(viewer: Viewer, body: string, timeLeft: number): Promise<Record<string, string>> {
    const { name, keys } = this.subgraph;
    const trace = traceparent();
    return {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-request-id': viewer.requestId,
      [timeLeftHeader]: String(timeLeft),
      ...(trace === undefined ? {} : { traceparent: trace }),
      ...(keys ? { 'x-caregraph-viewer': await signViewer(viewer, { audience: name, body, keys }) } : {}),
    };
  }
}
