// Calls one subgraph: one serialised body, one viewer token bound to it. A subgraph that cannot be reached leaves its
// fields null with UNAVAILABLE, and the rest of the answer stands.
import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import type { Pool } from 'undici';
import { z } from 'zod';
import {
  failSpan,
  signViewer,
  span,
  traceparent,
  type Logger,
  type Viewer,
  type ViewerKey,
} from '@caregraph/runtime';
import type { GatewayMetrics } from '../operation/metrics.js';
import type { OperationContext } from '../operation/operation-rules.js';

export interface Subgraph {
  /** The name in the supergraph, which is also the audience of its viewer tokens. */
  readonly name: string;
  readonly url: URL;
  readonly keys: Iterable<ViewerKey>;
  readonly pool: Pool;
}

/** The part of a request that a subgraph is sent. */
export interface SubgraphRequest {
  readonly query?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
}

export interface CallOptions {
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
  /** After it the subgraph counts as unavailable, in milliseconds. */
  readonly timeoutMs?: number;
}

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});

/** What takes the place of a subgraph's answer. The empty path becomes the path of what was being fetched. */
export const unavailableAnswer = (): GatewayGraphQLResponse => ({
  errors: [
    { message: 'This part is not available at the moment.', path: [], extensions: { code: 'UNAVAILABLE' } },
  ],
});

const traceHeader = (): { traceparent?: string } => {
  const header = traceparent();
  return header === undefined ? {} : { traceparent: header };
};

export class SubgraphDataSource implements GraphQLDataSource<OperationContext> {
  constructor(
    private readonly subgraph: Subgraph,
    private readonly options: CallOptions,
  ) {}

  async process(call: {
    readonly request: SubgraphRequest;
    readonly context: Partial<OperationContext>;
  }): Promise<GatewayGraphQLResponse> {
    const { viewer } = call.context;
    if (!viewer) throw new Error('A subgraph is only called for a viewer.');
    const started = performance.now();
    const response = await span(
      `subgraph ${this.subgraph.name}`,
      { 'caregraph.subgraph': this.subgraph.name, 'graphql.operation.name': call.request.operationName },
      () => this.send(call.request, viewer),
      { kind: 'client' },
    );
    const outcome =
      response === undefined ? 'unavailable' : (response.errors?.length ?? 0) > 0 ? 'error' : 'ok';
    this.options.metrics.subgraph(this.subgraph.name, outcome, (performance.now() - started) / 1000);
    return response ?? unavailableAnswer();
  }

  /** Nothing that the client sent goes along but what the viewer token says. */
  private async send(request: SubgraphRequest, viewer: Viewer): Promise<GatewayGraphQLResponse | undefined> {
    const { name, url, keys, pool } = this.subgraph;
    const { query, variables, operationName } = request;
    const body = JSON.stringify({ query, variables, operationName });
    try {
      const response = await pool.request({
        method: 'POST',
        path: url.pathname,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-caregraph-viewer': await signViewer(viewer, { audience: name, body, keys }),
          'x-request-id': viewer.requestId,
          ...traceHeader(),
        },
        body,
        signal: AbortSignal.timeout(this.options.timeoutMs ?? 10_000),
      });
      const text = await response.body.text();
      // 401 speaks of the gateway's own token, never of the caller: keys or clocks of the two differ.
      if (response.statusCode === 401) throw new Error('The subgraph does not accept the viewer token.');
      return answer.parse(JSON.parse(text));
    } catch (error) {
      failSpan(error);
      this.options.log.warn(
        { err: error, subgraph: name, requestId: viewer.requestId },
        'a subgraph is not available',
      );
      return undefined;
    }
  }
}
