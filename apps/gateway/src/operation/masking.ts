// What a client sees of an error: a code of the closed list, the request's id, no vendor's text and no host's name.
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from '@caregraph/runtime';
import { isKnownCode, type ErrorCode } from '@caregraph/subgraph';
import type { ErrorIds } from '../caller/request-id.js';

export interface MaskingOptions {
  readonly ids: ErrorIds;
  /** Whether "Did you mean" may be said: it gives away names of the schema. */
  readonly suggestions: boolean;
}

/** Codes by which Apollo Server says that the request itself is wrong. */
const requestFaults = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Apollo Server's words for it name the software, and the setting. */
const introspectionOff = 'INTROSPECTION_DISABLED';
const introspectionRefused = 'The schema is not shown here.';

/** The only extensions of subgraphs' errors that go on to the client, besides the code. */
const passedOn = ['fields', 'retryAfterSeconds', 'acr_values', 'max_age'] as const;

/** What a client may see of errors. */
export type Mask = (errors: readonly GraphQLFormattedError[], ids: ErrorIds) => GraphQLFormattedError[];

/** Logs those that are ours. */
export const masking =
  (log: Logger, suggestions: boolean): Mask =>
  (errors, ids) =>
    errors.map((error) => {
      if (codeOf(error) === 'INTERNAL_SERVER_ERROR')
        log.error({ err: error, requestId: ids.requestId }, 'a request failed');
      return maskedError(error, { ids, suggestions });
    });

/** Its text is for the log alone: an error without a code is masked. */
export const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError(error instanceof Error ? error.message : String(error), {
        originalError: error instanceof Error ? error : null,
      });

/** Turns any error into what the client may see of it. */
export function maskedError(error: GraphQLFormattedError, options: MaskingOptions): GraphQLFormattedError {
  const { ids } = options;
  const code = codeOf(error);
  const where = { ...placed(error.path), ...(error.locations ? { locations: error.locations } : {}) };
  if (code === 'INTERNAL_SERVER_ERROR') {
    // Apollo Server gives this code to whatever has none, so the text may be anybody's.
    return {
      message: 'Something went wrong on our side.',
      ...placed(error.path),
      extensions: { code, ...ids },
    };
  }
  const kept = passedOn.flatMap((name) => {
    const value = error.extensions?.[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const message =
    error.extensions?.validationErrorCode === introspectionOff ? introspectionRefused : error.message;
  const told = options.suggestions ? message : message.replace(/ ?Did you mean .*\?/s, '');
  return { message: told, ...where, extensions: { ...Object.fromEntries(kept), code, ...ids } };
}

export function codeOf(error: GraphQLFormattedError): ErrorCode {
  const code = error.extensions?.code;
  if (isKnownCode(code)) return code;
  return requestFaults.has(String(code)) ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
}

/** The planner writes `@` for "each entry of the list"; a client knows no such path, so it gets the list's. */
function placed(path: GraphQLFormattedError['path']): Pick<GraphQLFormattedError, 'path'> {
  const each = path?.indexOf('@') ?? -1;
  const known = each < 0 ? path : path?.slice(0, each);
  return known && known.length > 0 ? { path: known } : {};
}
