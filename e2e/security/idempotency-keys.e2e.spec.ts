// Check 13: a key is its caller's own, and means one input.
import { randomUUID } from 'node:crypto';
import { demoPractices } from '../../tools/demo/ids.js';
import { demoToken } from '../support/demo-token.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { askGraph, codesOf, type Answered } from '../support/raw-http.js';
import { aKey } from '../support/story.js';

const register = `mutation ($input: RegisterPatientInput!) {
  outcome: registerPatient(input: $input) { __typename ... on DomainError { code } ... on Patient { id firstName } }
}`;
const person = (firstName: string): Record<string, unknown> => ({
  practiceId: demoPractices.riverside,
  firstName,
  lastName: 'Keyed',
  email: `${randomUUID()}@example.test`,
  mobile: '+12075550123',
  textConsent: true,
});

describe('an idempotency key', () => {
  let gateway: ProductionGateway;
  let one: string;
  let other: string;
  beforeAll(async () => {
    gateway = await startProductionGateway();
    [one, other] = [await demoToken({ login: 'patient3' }), await demoToken({ login: 'patient4' })];
  });
  afterAll(() => gateway.stop());

  const send = (token: string | undefined, key: string, input: object, query = register): Promise<Answered> =>
    askGraph(gateway.url, query, { token, variables: { input }, headers: { 'idempotency-key': key } });
  const idOf = ({ json, text }: Answered): string => {
    const { outcome } = (json?.data ?? {}) as { outcome?: { id?: string } };
    if (outcome?.id === undefined) throw new Error(text);
    return outcome.id;
  };

  it('of one caller used by another is another key: he is neither answered nor hindered by it', async () => {
    const [key, input] = [aKey(), person('Ada')];
    const first = idOf(await send(one, key, input));
    const second = idOf(await send(other, key, input));
    expect(second).not.toBe(first);
    expect(idOf(await send(one, key, input))).toBe(first);
    expect(idOf(await send(other, key, input))).toBe(second);
    const nobody = await send(undefined, key, input);
    expect(nobody.text).not.toContain(first);
    expect(codesOf(nobody)).toEqual(['UNAUTHENTICATED']);
  });

  it('with other arguments is a conflict that shows nothing of the first, also in another order of fields', async () => {
    const [key, input] = [aKey(), person('Grace')];
    const id = idOf(await send(one, key, input));
    const changed = await send(one, key, { ...input, firstName: 'Eve' });
    expect(codesOf(changed)).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect(changed.text).not.toMatch(new RegExp(`${id}|Grace`));
    expect(idOf(await send(one, key, Object.fromEntries(Object.entries(input).reverse())))).toBe(id);
  });

  it('that comes ten times at once registers one', async () => {
    const [key, input] = [aKey(), person('Katherine')];
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(one, key, input)));
    expect(new Set(answers.map(idOf)).size).toBe(1);
  });

  it('is one mutation’s: another with the same key is not answered by it', async () => {
    const key = aKey();
    idOf(await send(one, key, person('Joan')));
    const release =
      'mutation ($input: ReleaseHoldInput!) { outcome: releaseHold(input: $input) { __typename ... on DomainError { code } } }';
    const answer = await send(one, key, { holdId: randomUUID() }, release);
    expect(answer.json?.data).toEqual({
      outcome: { __typename: 'SlotHoldNotFound', code: 'SLOT_HOLD_NOT_FOUND' },
    });
  });

  it.each(['x'.repeat(256), 'with blanks', ' ', 'ключ'.replaceAll(/./g, 'é')])(
    'that is none (%.20s) is refused',
    async (key) => {
      const answer = await send(one, key, person('None'));
      expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
    },
  );

  it('does not stand for several mutations of one document', async () => {
    const two = `mutation ($input: RegisterPatientInput!) { a: registerPatient(input: $input) { __typename } b: registerPatient(input: $input) { __typename } }`;
    const answer = await send(one, aKey(), person('Twice'), two);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']]);
  });
});
