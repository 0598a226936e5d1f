import 'reflect-metadata';
import {
  GraphQLError,
  parse,
  validate,
  graphqlSync,
  buildSchema,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import type { ValidationError } from 'class-validator';
import { createLogger } from '@caregraph/runtime';
import {
  badInput,
  errorCodes,
  forbidden,
  idempotencyConflict,
  isKnownCode,
  masked,
  maskedErrors,
  maskedResult,
  tooManyRequests,
  unauthenticated,
  unavailable,
} from './index.js';

/** As graphql-js hands on what a resolver threw. */
const resolving = (error: Error): GraphQLError =>
  new GraphQLError(error.message, { originalError: error, path: ['cancelAppointment', 'patient'] });

const withCode = (code: string, message = 'canary'): Error => Object.assign(new Error(message), { code });

describe('an error that is thrown on purpose', () => {
  it.each([
    [unauthenticated(), 'UNAUTHENTICATED'],
    [forbidden(), 'FORBIDDEN'],
    [badInput({ field: 'patient.email', message: 'is none' }), 'BAD_USER_INPUT'],
    [tooManyRequests(7), 'TOO_MANY_REQUESTS'],
    [idempotencyConflict(), 'IDEMPOTENCY_CONFLICT'],
    [unavailable(), 'UNAVAILABLE'],
  ])('keeps its words and its code, and gets the request’s id: %s', (error, code) => {
    expect(isKnownCode(code)).toBe(true);
    expect(masked(resolving(error), 'r1', ['a'])).toEqual({
      message: error.message,
      path: ['a'],
      extensions: { ...error.extensions, code, requestId: 'r1' },
    });
  });

  it('says when to come back, and which field was wrong', () => {
    expect(masked(resolving(tooManyRequests(7)), 'r1').extensions).toMatchObject({ retryAfterSeconds: 7 });
    const faults = [
      { field: 'patient.email', message: 'is none' },
      { field: 'notes', message: 'is too long' },
    ];
    expect(masked(resolving(badInput(...faults)), 'r1')).toMatchObject({
      message: 'patient.email: is none; notes: is too long',
      extensions: { fields: faults },
    });
  });
});

describe('a fault of class-validator', () => {
  const fault = (property: string, over: Partial<ValidationError>): ValidationError =>
    ({ property, ...over }) as ValidationError;

  it('names each field by its path, and does not show what was sent', () => {
    const error = new ArgumentValidationError([
      fault('reason', { constraints: { maxLength: 'reason must be shorter' }, value: 'canary' }),
      fault('patient', {
        target: { email: 'canary' },
        children: [
          fault('0', { children: [fault('email', { constraints: { isEmail: 'must be an email' } })] }),
        ],
      }),
    ]);
    const told = masked(resolving(error), 'r1');
    expect(told.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      requestId: 'r1',
      fields: [
        { field: 'reason', message: 'reason must be shorter' },
        { field: 'patient.0.email', message: 'must be an email' },
      ],
    });
    expect(JSON.stringify(told)).not.toContain('canary');
  });
});

describe('an error that a second try may cure', () => {
  it.each([
    ['another changed the row first', Object.assign(new Error('canary'), { name: 'OptimisticLockError' })],
    ['a serialization failure', withCode('40001')],
    ['a deadlock', withCode('40P01')],
    ['a lock that is taken', withCode('55P03')],
    ['too many connections', withCode('53300')],
    ['a statement that took too long', withCode('57014')],
    ['a server that shuts down', withCode('57P01')],
    ['a server that starts', withCode('57P03')],
    ['a connection that failed', withCode('08006')],
    ['a standby that still only reads', withCode('25006')],
    ['nobody who listens', withCode('ECONNREFUSED')],
    ['a connection that was reset', withCode('ECONNRESET')],
    ['a connection that timed out', withCode('ETIMEDOUT')],
    ['a connection that ended without a code', new Error('Connection terminated unexpectedly')],
    ['no free connection', new Error('timeout exceeded when trying to connect')],
  ])('is UNAVAILABLE: %s', (_what, error) => {
    expect(masked(resolving(error), 'r1')).toEqual({
      message: 'Try again in a moment.',
      extensions: { code: 'UNAVAILABLE', requestId: 'r1' },
    });
  });
});

describe('an error that nobody foresaw', () => {
  it.each([
    ['any other', new TypeError('canary')],
    ['a refused row', withCode('23505', 'duplicate key … canary')],
    ['a statement that is wrong', withCode('42601', 'select canary')],
    ['a vendor’s', withCode('card_declined')],
    [
      'one of GraphQL’s without a code of ours',
      new GraphQLError('canary', { extensions: { code: 'TEAPOT' } }),
    ],
    ['one of another graph, with its own path', new GraphQLError('canary', { path: ['other'] })],
  ])('is INTERNAL_SERVER_ERROR and tells nothing: %s', (_what, error) => {
    expect(masked(resolving(error), 'r1')).toEqual({
      message: 'Something went wrong on our side.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
    });
  });

  it.each([undefined, null, 'canary', { code: '40001' }])('may be no error at all: %p', (thrown) => {
    expect(masked(thrown, 'r1').extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' });
  });

  it('is one of the closed list', () => {
    expect([...errorCodes].sort()).toEqual([
      'BAD_USER_INPUT',
      'DOCUMENT_NOT_TRUSTED',
      'FORBIDDEN',
      'IDEMPOTENCY_CONFLICT',
      'INTERNAL_SERVER_ERROR',
      'PERSISTED_QUERY_NOT_FOUND',
      'STEP_UP_REQUIRED',
      'TOO_MANY_REQUESTS',
      'UNAUTHENTICATED',
      'UNAVAILABLE',
    ]);
  });
});

describe('a request that is wrong by itself', () => {
  const schema: GraphQLSchema = buildSchema(
    'input Wanted { first: Int! } type Query { list(first: Int! = 20): Int, by(wanted: Wanted): Int, name: Int }',
  );
  const firstError = (source: string, variables = {}): GraphQLError => {
    const rootValue = { list: () => 1, by: () => 1, name: () => 'canary' };
    const [error] = graphqlSync({ schema, source, variableValues: variables, rootValue }).errors ?? [];
    if (!error) throw new Error('No error.');
    return error;
  };

  it.each([
    ['cannot be parsed', '{ list', {}, 'Syntax Error'],
    ['names no field of ours', '{ lists }', {}, 'lists'],
    ['lacks a variable', 'query ($w: Wanted!) { by(wanted: $w) }', {}, '$w'],
    ['has a variable of another shape', 'query ($w: Wanted) { by(wanted: $w) }', { w: {} }, 'first'],
    ['gives null where a default was', 'query ($n: Int = 5) { list(first: $n) }', { n: null }, 'first'],
  ])('is BAD_USER_INPUT and names what is wrong: it %s', (_what, source, variables, named) => {
    const told = masked(firstError(source, variables), 'r1');
    expect(told.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'r1' });
    expect(told.message).toContain(named);
    expect(told).not.toHaveProperty('locations');
  });

  it('is not to blame for an answer of ours that does not fit the schema', () => {
    const told = masked(firstError('{ name }'), 'r1');
    expect(told.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(JSON.stringify(told)).not.toContain('canary');
  });

  it('is told by validation without having been run', () => {
    const [fault] = validate(schema, parse('{ list(first: "x") }'));
    expect(masked(fault, 'r1').extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'r1' });
  });
});

describe('the log', () => {
  const told = (error: Error): string[] => {
    const lines: string[] = [];
    const log = createLogger('spec', 'info', { write: (line) => lines.push(line) });
    maskedErrors([resolving(error)], 'r1', log);
    return lines;
  };

  it('has what the client is not told, with the request’s id', () => {
    const [line = '', ...more] = told(new TypeError('the cause'));
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      requestId: 'r1',
      err: { type: 'TypeError', message: 'the cause' },
    });
  });

  it('has why a request may be tried again, as a warning', () => {
    const [line = '{}'] = told(withCode('40P01', 'deadlock detected'));
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', requestId: 'r1', err: { code: '40P01' } });
  });

  it('has nothing of what the client is told', () => {
    expect(told(forbidden())).toEqual([]);
    expect(told(unavailable())).toEqual([]);
    expect(told(badInput({ field: 'a', message: 'b' }))).toEqual([]);
  });
});

describe('a result that no Apollo Server sends', () => {
  it('keeps its data and has its errors masked', () => {
    const errors = [resolving(new Error('canary'))];
    const result = maskedResult({ data: { a: 1 }, errors }, 'r1');
    expect(result).toMatchObject({
      data: { a: 1 },
      errors: [{ path: ['cancelAppointment', 'patient'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect(JSON.stringify(result)).not.toContain('canary');
    const clean: FormattedExecutionResult = { data: { a: 1 } };
    expect(maskedResult(clean, 'r1')).toBe(clean);
  });
});
