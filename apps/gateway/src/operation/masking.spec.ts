import { maskedError } from './masking.js';

const options = { ids: { requestId: 'r1' }, suggestions: false };

describe('what a client sees of an error', () => {
  it("a subgraph's code, message and faulty fields go on, its name does not", () => {
    const fields = [{ field: 'email', message: 'is no address' }];
    const extensions = { code: 'BAD_USER_INPUT', fields, serviceName: 'booking', stacktrace: ['at db.ts'] };
    expect(maskedError({ message: 'email: is no address', path: ['book'], extensions }, options)).toEqual({
      message: 'email: is no address',
      path: ['book'],
      extensions: { code: 'BAD_USER_INPUT', fields, requestId: 'r1' },
    });
  });

  it.each([{}, { code: 'INTERNAL_SERVER_ERROR' }, { code: 'DOWNSTREAM_SERVICE_ERROR' }, { code: 'P0001' }])(
    'an error with %j says nothing of its cause',
    (extensions) => {
      expect(maskedError({ message: 'connect ECONNREFUSED 10.0.0.7:5432', extensions }, options)).toEqual({
        message: 'Something went wrong on our side.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
      });
    },
  );

  it('a question for the schema that is refused does not name the software that refuses it', () => {
    const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', validationErrorCode: 'INTROSPECTION_DISABLED' };
    const message = 'GraphQL introspection is not allowed by Apollo Server, but the query contained __schema';
    expect(maskedError({ message, extensions }, options)).toEqual({
      message: 'The schema is not shown here.',
      extensions: { code: 'BAD_USER_INPUT', requestId: 'r1' },
    });
  });

  it('a request that its caller named leads to its trace as well', () => {
    const ids = { requestId: 'mine', traceId: '0af7651916cd43dd8448eb211c80319c' };
    for (const code of ['INTERNAL_SERVER_ERROR', 'FORBIDDEN'])
      expect(
        maskedError({ message: 'x', extensions: { code } }, { ids, suggestions: false }).extensions,
      ).toEqual({
        code,
        ...ids,
      });
  });

  it('suggestions are said in development only', () => {
    const error = {
      message: 'Cannot query field "statu" on type "Appointment". Did you mean "status"?',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    };
    expect(maskedError(error, options).message).toBe('Cannot query field "statu" on type "Appointment".');
    expect(maskedError(error, { ...options, suggestions: true }).message).toContain('Did you mean');
  });

  it("the path of a fetch for each entry of a list is the list's", () => {
    const error = {
      message: 'gone',
      path: ['appointments', '@', 'payment'],
      extensions: { code: 'UNAVAILABLE' },
    };
    expect(maskedError(error, options).path).toEqual(['appointments']);
  });
});
