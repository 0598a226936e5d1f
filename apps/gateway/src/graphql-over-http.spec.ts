// GraphQL over HTTP: the audit of graphql-http, and what is ours to decide.
import { auditServer, type AuditResult } from 'graphql-http';
import { runGateway, type RunningGateway } from './testing/running-gateway.js';

/** A page elsewhere could send these without the browser asking first, so the CSRF guard wants one more header. */
const blockedOnPurpose = [
  'MAY accept application/x-www-form-urlencoded formatted GET requests',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
];

describe('GraphQL over HTTP', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterAll(() => gateway.close());

  const audit = (headers: Record<string, string> = {}): Promise<AuditResult[]> =>
    auditServer({
      url: gateway.url,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...headers } }),
    });
  const failed = (results: readonly AuditResult[]): string[] =>
    results.filter(({ status }) => status !== 'ok').map(({ name }) => name);

  it('passes each audit of the specification but the GETs that the CSRF guard blocks', async () => {
    const results = await audit();
    expect(results.length).toBeGreaterThan(50);
    expect(failed(results).toSorted()).toEqual(blockedOnPurpose);
    const blocked = results.flatMap((result) => (result.status === 'ok' ? [] : [result.response]));
    for (const response of blocked) {
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('Cross-Site Request Forgery');
    }
  });

  it('passes them all for a client that sends the header which pages elsewhere cannot', async () => {
    expect(failed(await audit({ 'apollo-require-preflight': 'true' }))).toEqual([]);
  });

  it.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json;q=0.9', 400],
    ['*/*', 400],
  ])('an invalid document is for who accepts %s a %i', async (accept, status) => {
    const answer = await gateway.query('{ nothing }', { accept });
    expect(answer.status).toBe(status);
    expect(answer.body.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each(['defer', 'stream'])('@%s is refused in plain words', async (name) => {
    const { status, body } = await gateway.query(`{ ... @${name} { whoAmI } }`);
    expect(status).toBe(400);
    expect(body.errors?.map(({ message }) => message)).toContain(`@${name} is not supported.`);
    for (const { extensions } of body.errors ?? []) expect(extensions.code).toBe('BAD_USER_INPUT');
  });

  it('a mistake in what is asked of the schema is told, with its place', async () => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'query ($n: String = "Query") { kind: __type(name: $n) { name } whoAmI }',
        variables: { n: null },
      }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: { kind: null, whoAmI: expect.any(String) as string },
      errors: [{ path: ['kind'], extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('what is asked of the schema comes under the names that the client gives', async () => {
    const { body } = await gateway.query(
      '{ kind: __type(name: "Payment") { status: name fields { id: name } } __schema { queryType { payment: name } } }',
    );
    expect(body).toEqual({
      data: {
        kind: { status: 'Payment', fields: [{ id: 'status' }, { id: 'amountMinor' }] },
        __schema: { queryType: { payment: 'Query' } },
      },
    });
  });
});
