// Everything that is not an expected "no" is thrown, with one of a closed list of codes.
import { GraphQLError } from 'graphql';

/** The closed list; a test of the docs holds it against what clients are told. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'STEP_UP_REQUIRED',
  'BAD_USER_INPUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'DOCUMENT_NOT_TRUSTED',
  'TOO_MANY_REQUESTS',
  'IDEMPOTENCY_CONFLICT',
  'UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export interface FieldFault {
  /** The path of the input field: `patient.email`. */
  readonly field: string;
  readonly message: string;
}

const thrown = (code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { ...extensions, code } });

/** The caller is not logged in, and must be. */
export const unauthenticated = (): GraphQLError => thrown('UNAUTHENTICATED', 'Log in first.');

/** The caller is known, and may not. Where even existence is a secret, answer "not found" instead. */
export const forbidden = (message = 'You may not do this.'): GraphQLError => thrown('FORBIDDEN', message);

/**
 * The caller may, once he has shown a second factor lately: RFC 9470 says how a client asks the identity provider for it.
 * @param maxAgeSeconds how long ago that may be.
 */
export const stepUpRequired = (maxAgeSeconds: number): GraphQLError =>
  thrown('STEP_UP_REQUIRED', 'Log in again, with a second factor.', {
    acr_values: 'mfa',
    max_age: maxAgeSeconds,
  });

/** The input is wrong; names each field. */
export const badInput = (...fields: readonly FieldFault[]): GraphQLError =>
  thrown('BAD_USER_INPUT', fields.map(({ field, message }) => `${field}: ${message}`).join('; '), { fields });

/** The caller asks too often; may try again after so many seconds. */
export const tooManyRequests = (retryAfterSeconds: number): GraphQLError =>
  thrown('TOO_MANY_REQUESTS', `Too many requests; try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  });

/** The same idempotency key came with other input. */
export const idempotencyConflict = (): GraphQLError =>
  thrown('IDEMPOTENCY_CONFLICT', 'This idempotency key was used with other input.');

/** Something we need is missing for the moment; the same request may succeed later. */
export const unavailable = (message = 'Try again in a moment.'): GraphQLError =>
  thrown('UNAVAILABLE', message);

export const isKnownCode = (code: unknown): code is ErrorCode => errorCodes.some((known) => known === code);
