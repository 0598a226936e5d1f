// Check 11: what is dear asks for a second factor that was shown lately, wherever it is asked for.
import { randomUUID } from 'node:crypto';
import { parse, visit } from 'graphql';
import { supergraphSdl } from '../support/composed-schema.js';
import { demoToken } from '../support/demo-token.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { askGraph, codesOf } from '../support/raw-http.js';

/** Reviewed: an input that changes nothing, since what it names does not exist. */
const inputs: Readonly<Record<string, object>> = {
  erasePatient: { patientId: randomUUID() },
  refundPayment: { paymentId: randomUUID(), amountMinor: 1, reason: 'None is due.' },
};

/** The mutations of the composed graph that ask for a second factor. */
function dearMutations(): string[] {
  const found: string[] = [];
  visit(parse(supergraphSdl()), {
    ObjectTypeDefinition: (type) => {
      if (type.name.value !== 'Mutation') return false;
      for (const field of type.fields ?? []) {
        const policies = (field.directives ?? []).filter(({ name }) => name.value === 'policy');
        if (JSON.stringify(policies).includes('"value":"mfa"')) found.push(field.name.value);
      }
      return false;
    },
  });
  return found;
}

const document = (mutation: string): string => {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  return `mutation ($input: ${type}!) { outcome: ${mutation}(input: $input) { __typename } }`;
};

describe('a second factor', () => {
  let gateway: ProductionGateway;
  beforeAll(async () => {
    gateway = await startProductionGateway({ STEP_UP_MAX_AGE_MINUTES: '15' });
  });
  afterAll(() => gateway.stop());

  it('is asked for by at least the mutations that were reviewed, and each of them is tried here', () => {
    expect(dearMutations().sort()).toEqual(Object.keys(inputs).sort());
  });

  describe.each(dearMutations())('for %s', (mutation) => {
    const act = (token?: string) =>
      askGraph(gateway.url, document(mutation), { token, variables: { input: inputs[mutation] } });

    it.each([
      ['a password alone', { login: 'admin', mfa: false }],
      ['a second factor of 16 minutes ago', { login: 'admin', mfa: true, authenticatedSecondsAgo: 16 * 60 }],
      ['a second factor of yesterday', { login: 'admin', mfa: true, authenticatedSecondsAgo: 86_400 }],
      ['a person’s login that never has one', { login: 'admin-password-only' }],
    ])('is demanded of %s', async (_what, wish) => {
      const token = await demoToken(wish);
      const answer = await act(token);
      expect(codesOf(answer)).toEqual(['STEP_UP_REQUIRED']);
      expect(answer.json?.errors?.[0]?.extensions).toMatchObject({
        max_age: 900,
        acr_values: expect.any(String) as string,
      });
      const socket = await LiveSocket.open(gateway.subscriptions);
      await socket.initAs(token);
      const said = await socket.answerOf(document(mutation), { input: inputs[mutation] });
      expect(JSON.stringify(said)).toContain('STEP_UP_REQUIRED');
      socket.close();
    });

    it('lets the same person in once it was shown', async () => {
      const answer = await act(await demoToken({ login: 'admin', mfa: true }));
      expect(codesOf(answer)).toEqual([]);
      const { outcome } = answer.json?.data as { outcome: { __typename: string } };
      expect(outcome.__typename).toMatch(/NotFound$/);
    });

    it('is of no use to who may not do it at all', async () => {
      expect(codesOf(await act(await demoToken({ login: 'patient', mfa: true })))).toEqual(['FORBIDDEN']);
      expect(codesOf(await act())).toEqual(['UNAUTHENTICATED']);
    });
  });
});
