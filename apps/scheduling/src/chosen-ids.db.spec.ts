import { randomUUID } from 'node:crypto';
import { mutate, specApp, world, type SpecApp } from './spec-app.js';

describe('the id that a client chooses', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  /** What eight who ask for the same id at the same time are told. */
  async function eight(mutation: string, input: object): Promise<unknown[]> {
    const wanted = { id: randomUUID(), name: 'Annex', ...input };
    const told = Array.from({ length: 8 }, async () => {
      try {
        const { code, __typename } = await mutate(app, mutation, wanted);
        return code ?? __typename;
      } catch (error) {
        const { code, fields } = error as { code?: unknown; fields?: readonly string[] };
        return `${String(code)} ${String(fields)}`;
      }
    });
    return (await Promise.all(told)).sort();
  }
  const seven = (text: string): string[] => Array<string>(7).fill(text);

  it('makes one thing, and is refused by its name to all who choose it at the same time', async () => {
    const { practiceId, locationId } = await world(app);
    const refused = seven('BAD_USER_INPUT id');
    expect(await eight('createLocation', { practiceId })).toEqual([...refused, 'Location']);
    expect(await eight('createResource', { locationId, kind: 'ROOM' })).toEqual([...refused, 'Resource']);
    const provider = { practiceId, locationIds: [locationId] };
    expect(await eight('createProvider', provider)).toEqual([...refused, 'Provider']);
  });

  it('opens one practice, and the others are told that it is there', async () => {
    const told = await eight('createPractice', { timeZone: 'America/Denver' });
    expect(told).toEqual([...seven('PRACTICE_EXISTS'), 'Practice'].sort());
  });
});
