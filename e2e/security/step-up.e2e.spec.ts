// Check 11: what is dear asks for a second factor that was shown lately, wherever it is asked for. The mutations and
// their inputs are made from the composed schema.
import { parse, visit } from 'graphql';
import { composedSchema, supergraphSdl } from '../support/composed-schema.js';
import { demoToken } from '../support/demo-token.js';
import { leastInput } from '../support/least-input.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { askGraph, codesOf, type Answered } from '../support/raw-http.js';

interface Dear {
  readonly mutation: string;
  /** Who may do it with a second factor; there is a login of that name for each. */
  readonly role: string;
}

/** Admins do it in their own practice only, and the inputs made here name none. */
const anywhere: ReadonlyMap<string, string> = new Map([['grantMembership', 'support']]);

/** The mutations of the composed graph that ask for a second factor. */
function dearMutations(): Dear[] {
  const found: Dear[] = [];
  visit(parse(supergraphSdl()), {
    ObjectTypeDefinition: (type) => {
      for (const field of type.name.value === 'Mutation' ? (type.fields ?? []) : []) {
        const policies = JSON.stringify(
          (field.directives ?? []).filter(({ name }) => name.value === 'policy'),
        );
        const role = /"value":"role:(\w+)"/.exec(policies)?.[1];
        if (policies.includes('"value":"mfa"'))
          found.push({ mutation: field.name.value, role: anywhere.get(field.name.value) ?? role ?? 'admin' });
      }
      return false;
    },
  });
  return found;
}

const schema = composedSchema();
const operationOf = ({ mutation }: Dear): { document: string; variables: object } => {
  const { type, input } = leastInput(schema, mutation);
  return {
    document: `mutation ($input: ${type}) { outcome: ${mutation}(input: $input) { __typename } }`,
    variables: { input },
  };
};

describe('a second factor', () => {
  let gateway: ProductionGateway;
  beforeAll(async () => {
    gateway = await startProductionGateway({ STEP_UP_MAX_AGE_MINUTES: '15' });
  });
  afterAll(() => gateway.stop());

  const act = (dear: Dear, token?: string): Promise<Answered> => {
    const { document, variables } = operationOf(dear);
    return askGraph(gateway.url, document, { token, variables });
  };

  it('is asked for by what gives money back and what erases a person, at least (GW-033)', () => {
    const mutations = dearMutations().map(({ mutation }) => mutation);
    expect(mutations).toEqual(expect.arrayContaining(['refundPayment', 'erasePatient']));
  });

  describe.each(dearMutations())('for $mutation', (dear) => {
    it.each([
      ['a password alone', { mfa: false }],
      ['a second factor of 16 minutes ago', { mfa: true, authenticatedSecondsAgo: 16 * 60 }],
      ['a second factor of yesterday', { mfa: true, authenticatedSecondsAgo: 86_400 }],
    ])('is demanded of %s, over HTTP and over a socket', async (_what, shown) => {
      const token = await demoToken({ login: dear.role, ...shown });
      const answer = await act(dear, token);
      expect(codesOf(answer)).toEqual(['STEP_UP_REQUIRED']);
      expect(answer.json?.errors?.[0]?.extensions).toMatchObject({
        max_age: 900,
        acr_values: expect.any(String) as string,
      });
      const socket = await LiveSocket.open(gateway.subscriptions);
      await socket.initAs(token);
      const { document, variables } = operationOf(dear);
      expect(JSON.stringify(await socket.answerOf(document, variables))).toContain('STEP_UP_REQUIRED');
      socket.close();
    });

    it('lets the same person in once it was shown (GW-033)', async () => {
      const answer = await act(dear, await demoToken({ login: dear.role, mfa: true }));
      // What it names is not there, so it is refused or found wrong; but no longer for who asks.
      for (const code of ['STEP_UP_REQUIRED', 'FORBIDDEN', 'UNAUTHENTICATED'])
        expect(answer.text).not.toContain(code);
      expect(answer.status).toBeLessThan(500);
    });

    it('is of no use to who may not do it at all', async () => {
      expect(codesOf(await act(dear, await demoToken({ login: 'patient', mfa: true })))).toEqual([
        'FORBIDDEN',
      ]);
      expect(codesOf(await act(dear))).toEqual(['UNAUTHENTICATED']);
    });
  });
});
