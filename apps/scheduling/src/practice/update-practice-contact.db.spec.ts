import { randomUUID } from 'node:crypto';
import { memberOf, mutate, patient, specApp, type SpecApp } from '../spec-app.js';

describe("a practice's address", () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  const opened = async (email: string | null): Promise<string> => {
    const id = randomUUID();
    await mutate(app, 'createPractice', { id, name: 'Harbor', timeZone: 'America/Denver', email });
    return id;
  };
  const change = (practiceId: string, email: string | null, viewer = memberOf(practiceId, 'admin')) =>
    mutate(app, 'updatePracticeContact', { practiceId, email }, { viewer }, '... on Practice { email }');

  it('lies sealed, is told sealed, and is shown to the desk', async () => {
    const id = await opened('desk@harbor.example');
    const staff = memberOf(id, 'staff');
    const [row] = await app.rows('select email from practice where id = ?', [id]);
    expect(row).toEqual({ email: expect.stringMatching(/^sealed\.v1\./) as string });
    expect(await app.events('scheduling.practice-changed.v1', id)).toMatchObject([{ version: 1, ...row }]);
    expect(await change(id, 'front@harbor.example')).toMatchObject({ email: 'front@harbor.example' });
    await expect(change(id, 'staff@harbor.example', staff)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await app.events('scheduling.practice-changed.v1', id)).toMatchObject([
      { version: 1 },
      { version: 2, email: expect.stringMatching(/^sealed\.v1\./) as string },
    ]);
    expect(await change(id, null)).toMatchObject({ email: null });
    expect((await app.events('scheduling.practice-changed.v1', id)).at(-1)).toMatchObject({ email: null });
  });

  it('is nobody else’s to read or to change', async () => {
    const id = await opened('desk@harbor.example');
    const other = memberOf(randomUUID(), 'admin');
    for (const viewer of [patient, other, memberOf(id, 'provider')]) {
      await expect(change(id, 'mine@example.test', viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    const query = 'query ($id: ID!) { practice(id: $id) { name email } }';
    for (const viewer of [patient, other, memberOf(id, 'provider')]) {
      const { data } = await app.ask(query, { id }, { viewer });
      expect(data).toEqual({ practice: { name: 'Harbor', email: null } });
    }
    const { data } = await app.ask(query, { id }, { viewer: memberOf(id, 'staff') });
    expect(data).toEqual({ practice: { name: 'Harbor', email: 'desk@harbor.example' } });
  });

  it('is refused where it is none, and of a practice that is not there', async () => {
    const id = await opened(null);
    const refused = change(id, 'nowhere');
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: ['email'] });
    const unknown = randomUUID();
    expect(await change(unknown, 'desk@harbor.example')).toMatchObject({ code: 'UNKNOWN_PRACTICE' });
  });
});
