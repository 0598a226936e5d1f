// What a client sees of an error: a code of the closed list, a message of ours, the request's id. No SQL, no stack.
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import type { ValidationError } from 'class-validator';
import type { Logger } from '@caregraph/runtime';
import { badInput, isKnownCode, unavailable, type FieldFault } from './errors.js';

/** Codes by which Apollo Server and graphql-js say that the request itself is wrong. */
const requestFaults = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** PostgreSQL and network codes that a second try may cure. */
const passing = new Set([
  '40001',
  '40P01',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
]);

/** Turns any error into what the client may see of it. */
export function masked(
  error: unknown,
  requestId: string,
  path?: GraphQLFormattedError['path'],
): GraphQLFormattedError {
  const told = (message: string, extensions: object): GraphQLFormattedError => ({
    message,
    ...(path ? { path } : {}),
    extensions: { ...extensions, requestId },
  });
  const known = translated(rootOf(error));
  if (known) return told(known.message, known.extensions);
  // Its text is about the client's own document, and names the field or the variable.
  if (isRequestFault(error)) return told(error.message, { code: 'BAD_USER_INPUT' });
  return told('Something went wrong on our side.', { code: 'INTERNAL_SERVER_ERROR' });
}

/** A parse, validation or coercion fault: the request itself is wrong. */
function isRequestFault(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError)) return false;
  const aboutVariable = error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION;
  return (
    aboutVariable || requestFaults.has(String(error.extensions.code)) || error.originalError === undefined
  );
}

function translated(cause: unknown): GraphQLError | undefined {
  if (cause instanceof ArgumentValidationError) {
    const faults = cause.extensions.validationErrors.flatMap((fault) => fieldFaults(fault));
    return badInput(...faults);
  }
  if (cause instanceof GraphQLError) return isKnownCode(cause.extensions.code) ? cause : undefined;
  const { code, name } = (cause ?? {}) as { code?: unknown; name?: unknown };
  return passing.has(String(code)) || name === 'OptimisticLockError' ? unavailable() : undefined;
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

interface WithRequestId extends BaseContext {
  readonly requestId: string;
}

/** Masks every error of an answer; what the client is not told goes to the log, with the request's id. */
export function maskingPlugin(log: Logger): ApolloServerPlugin<WithRequestId> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response, errors, contextValue }) => {
          if (response.body.kind !== 'single' || !errors) return Promise.resolve();
          const requestId = contextValue.requestId;
          response.body.singleResult.errors = errors.map((error) => {
            const told = masked(error, requestId, error.path);
            if (told.extensions?.code === 'INTERNAL_SERVER_ERROR') {
              log.error({ err: rootOf(error), requestId }, 'a request failed');
            }
            return told;
          });
          return Promise.resolve();
        },
      }),
  };
}

/** The same for a result that no Apollo Server sent: one event of a subscription. */
export function maskedResult<Result extends { readonly errors?: readonly unknown[] }>(
  result: Result,
  requestId: string,
): Result {
  if (!result.errors) return result;
  const errors = result.errors.map((error) =>
    masked(error, requestId, error instanceof GraphQLError ? error.path : undefined),
  );
  return { ...result, errors };
}
