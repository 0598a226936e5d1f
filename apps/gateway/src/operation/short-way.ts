// The short way of an operation over HTTP: Apollo Server has parsed and validated its document before, so what is left
// is ours: the rules, the plan, the answer. Whatever is unusual goes through Apollo Server, and what it would answer
// is answered here to the byte (ADR 34).
import { getOperationAST, OperationTypeNode, type GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorIds } from '../caller/request-id.js';
import type { AcceptedDocuments } from '../documents/accepted-documents.js';
import type { GraphExecutor, Result } from '../graph/executor.js';
import type { Graph } from '../graph/graph.js';
import { isObject, type Values } from '../graph/values.js';
import { asGraphQLError, type Mask } from './masking.js';
import { legacyStatus } from './legacy-status.js';
import type { AskedOperation, OperationContext, OperationRules } from './operation-rules.js';

/** A request as it came. */
export interface AskedOverHttp {
  readonly method: string;
  readonly headers: { readonly accept?: string | undefined; readonly 'content-type'?: string | undefined };
  /** Parsed, where it was JSON. */
  readonly body: unknown;
}

export interface KnownOperation extends AskedOperation {
  readonly graph: Graph;
  readonly accept: string | undefined;
  readonly contentType: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const json = 'application/json; charset=utf-8';
const graphqlJson = 'application/graphql-response+json; charset=utf-8';

/** What nearly all clients ask for, and what they get. Anything else is negotiated by Apollo Server. */
const contentTypes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, json],
  ['*/*', json],
  ['application/json', json],
  ['application/json, text/plain, */*', json],
  ['application/graphql-response+json', graphqlJson],
  ['application/graphql-response+json, application/json', graphqlJson],
  ['application/graphql-response+json,application/json;q=0.9', graphqlJson],
  ['application/graphql-response+json, application/json;q=0.9', graphqlJson],
]);

export interface ShortWayOptions {
  readonly executor: GraphExecutor;
  readonly accepted: AcceptedDocuments;
  readonly rules: OperationRules;
  readonly mask: Mask;
}

export class ShortWay {
  constructor(private readonly options: ShortWayOptions) {}

  /**
   * Undefined for what Apollo Server has to answer.
   * @param named the text that an id stands for, in place of the one in the body.
   */
  find(request: AskedOverHttp, named: string | undefined): KnownOperation | undefined {
    const { headers, body } = request;
    const contentType = contentTypes.get(headers.accept);
    if (contentType === undefined || !postsJson(request) || !isAsked(body)) return undefined;
    const { query = '', operationName, variables } = body;
    const { graph } = this.options.executor;
    const document = this.options.accepted.find(graph.schema, named ?? query);
    const operation = document && getOperationAST(document, operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
    return {
      graph,
      document,
      operation,
      operationName,
      variables: variables ?? {},
      accept: headers.accept,
      contentType,
    };
  }

  async answer(asked: KnownOperation, context: OperationContext): Promise<HttpAnswer> {
    const started = performance.now();
    const { rules, mask } = this.options;
    const { data, errors = [] } = await this.run(asked, context);
    const { status = data === undefined ? 500 : 200, headers } = httpOf(errors);
    const told = errors.length > 0 ? mask(errors, errorIds(context.viewer.requestId)) : undefined;
    rules.answered(asked.operation, errors, started);
    return {
      status: legacyStatus(status, asked.accept, errors) ?? status,
      headers: { ...headers, 'content-type': asked.contentType },
      text: answerText(told, data),
    };
  }

  private async run(asked: KnownOperation, context: OperationContext): Promise<Result> {
    const { executor, rules } = this.options;
    try {
      await rules.admit(asked, context);
      return await executor.run(asked.graph, asked, context);
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  }
}

interface Asked {
  readonly query?: string | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Values> | null | undefined;
}

/** Whether a body has the form that Apollo Server wants; what has not is its to refuse. */
function isAsked(body: unknown): body is Asked {
  if (!isObject(body)) return false;
  const { query, operationName, variables, extensions } = body;
  return (
    (query === undefined || typeof query === 'string') &&
    (operationName == null || typeof operationName === 'string') &&
    (variables == null || isObject(variables)) &&
    (extensions == null || isObject(extensions))
  );
}

/** A page elsewhere cannot send JSON unasked: the CSRF guard has nothing to stop then. */
const postsJson = ({ method, headers: { 'content-type': type } }: AskedOverHttp): boolean =>
  method === 'POST' && (type === 'application/json' || type?.startsWith('application/json;') === true);

interface HttpHead {
  status?: number | undefined;
  readonly headers: Record<string, string>;
}

/** What errors want of the answer that tells them; of two that want different things, the later. */
function httpOf(errors: readonly GraphQLError[]): HttpHead {
  const head: HttpHead = { headers: {} };
  for (const { extensions } of errors) {
    const { status, headers } = (extensions.http ?? {}) as {
      readonly status?: number;
      readonly headers?: ReadonlyMap<string, string>;
    };
    head.status = status ?? head.status;
    for (const [name, value] of headers ?? []) head.headers[name] = value;
  }
  return head;
}

const answerText = (
  errors: readonly GraphQLFormattedError[] | undefined,
  data: Values | null | undefined,
): string => `${JSON.stringify({ errors, data })}\n`;
