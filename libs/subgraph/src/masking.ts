// What a client sees of an error: a code of the closed list, a message of ours, the request's id. No SQL, no stack.
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import type { ValidationError } from 'class-validator';
import { failSpan, type Logger } from '@caregraph/runtime';
import { badInput, isKnownCode, unavailable, type FieldFault } from './errors.js';

/** Codes by which Apollo Server and graphql-js say that the request itself is wrong. */
const requestFaults = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * What a second try may cure. PostgreSQL: connection lost (class 08), serialization failure, deadlock, lock not
 * available, too many connections, statement timed out, shutting down or starting, a standby that still only reads.
 * And a caller who did not wait.
 */
const passing =
  /^(08...|40001|40P01|55P03|53300|57014|57P0[1-3]|25006|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EAI_AGAIN|NOBODY_WAITS)$/;

/** How pg says without a code that a connection was lost, or that none came free. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when)/;

/** Turns any error into what the client may see of it. */
export function masked(
  error: unknown,
  requestId: string,
  path?: GraphQLFormattedError['path'],
): GraphQLFormattedError {
  const answer = (message: string, extensions: object): GraphQLFormattedError => ({
    message,
    ...(path ? { path } : {}),
    extensions: { ...extensions, requestId },
  });
  const known = translated(rootOf(error));
  if (known) return answer(known.message, known.extensions);
  // Its text is about the client's own document, and names the field or the variable.
  if (isRequestFault(error)) return answer(error.message, { code: 'BAD_USER_INPUT' });
  return answer('Something went wrong on our side.', { code: 'INTERNAL_SERVER_ERROR' });
}

/** A parse, validation or coercion fault: the request itself is wrong. */
function isRequestFault(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError)) return false;
  if (requestFaults.has(String(error.extensions.code))) return true;
  // Of what happens while fields are resolved only that which points at a variable or an argument is about the request;
  // all else is about our answer, and may quote it.
  const resolving = error.originalError !== undefined || error.path !== undefined;
  return !resolving || [error, rootOf(error)].some(pointsAtInput);
}

const pointsAtInput = (error: unknown): boolean =>
  error instanceof GraphQLError && inputKinds.has(String(error.nodes?.[0]?.kind));

const inputKinds: ReadonlySet<string> = new Set([
  Kind.VARIABLE_DEFINITION,
  Kind.VARIABLE,
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);

function translated(cause: unknown): GraphQLError | undefined {
  if (cause instanceof ArgumentValidationError) {
    const faults = cause.extensions.validationErrors.flatMap((fault) => fieldFaults(fault));
    return badInput(...faults);
  }
  if (cause instanceof GraphQLError) return isKnownCode(cause.extensions.code) ? cause : undefined;
  if (isUnstorable(cause))
    return badInput({ field: 'input', message: 'holds a character that no text may hold (U+0000)' });
  return isPassing(cause) ? unavailable() : undefined;
}

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair. The gateway names the variable; this is the net. */
const isUnstorable = (cause: unknown): boolean =>
  cause instanceof Error && ['22021', '22P05'].includes(String((cause as { code?: unknown }).code));

function isPassing(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as { code?: unknown };
  return (
    cause.name === 'OptimisticLockError' || passing.test(String(code)) || lostConnection.test(cause.message)
  );
}

const rootOf = (error: unknown): unknown => {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
};

function fieldFaults(fault: ValidationError, parent = ''): FieldFault[] {
  const field = parent ? `${parent}.${fault.property}` : fault.property;
  const own = Object.values(fault.constraints ?? {}).map((message) => ({ field, message }));
  return [...own, ...(fault.children ?? []).flatMap((child) => fieldFaults(child, field))];
}

function maskedAndLogged(error: unknown, requestId: string, log?: Logger): GraphQLFormattedError {
  const answer = masked(error, requestId, error instanceof GraphQLError ? error.path : undefined);
  const code = answer.extensions?.code;
  const cause = rootOf(error);
  if (code === 'INTERNAL_SERVER_ERROR' || code === 'UNAVAILABLE') failSpan(cause);
  if (code === 'INTERNAL_SERVER_ERROR') log?.error({ err: cause, requestId }, 'a request failed');
  else if (code === 'UNAVAILABLE' && !(cause instanceof GraphQLError))
    log?.warn({ err: cause, requestId }, 'a request may be tried again');
  return answer;
}

/** Masks errors; what the client is not told goes to the log, with the request's id. */
export const maskedErrors = (
  errors: readonly unknown[],
  requestId: string,
  log?: Logger,
): GraphQLFormattedError[] => errors.map((error) => maskedAndLogged(error, requestId, log));

interface WithRequestId extends BaseContext {
  readonly requestId: string;
}

/** Masks every error of an answer. */
export function maskingPlugin(log: Logger): ApolloServerPlugin<WithRequestId> {
  return {
    contextCreationDidFail: ({ error }) => {
      log.error({ err: error }, 'a request failed');
      return Promise.resolve();
    },
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response, errors, contextValue }) => {
          if (response.body.kind === 'single' && errors)
            response.body.singleResult.errors = maskedErrors(errors, contextValue.requestId, log);
          return Promise.resolve();
        },
      }),
  };
}

/** The same for a result that no Apollo Server sent: one event of a subscription. */
export function maskedResult<Result extends { readonly errors?: readonly unknown[] }>(
  result: Result,
  requestId: string,
  log?: Logger,
): Result {
  return result.errors ? { ...result, errors: maskedErrors(result.errors, requestId, log) } : result;
}
