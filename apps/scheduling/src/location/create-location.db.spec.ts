import { randomUUID } from 'node:crypto';
import { anonymous, memberOf, mutate, patient, specApp, support, world, type SpecApp } from '../spec-app.js';

describe('a location', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  it("is opened by the practice's admin, in the practice's zone unless it says otherwise", async () => {
    const { practiceId, admin } = await world(app);
    const id = randomUUID();
    const input = {
      id,
      practiceId,
      name: 'Video',
      kind: 'TELEHEALTH',
      instructions: 'The link comes by mail.',
    };
    await mutate(app, 'createLocation', input, { viewer: admin });
    expect(await app.events('scheduling.location-changed.v1', id)).toEqual([
      {
        locationId: id,
        practiceId,
        version: 1,
        name: 'Video',
        kind: 'TELEHEALTH',
        timeZone: 'America/Denver',
        address: null,
        instructions: 'The link comes by mail.',
        active: true,
      },
    ]);
  });

  it("is refused to all but the practice's admins and support", async () => {
    const { practiceId } = await world(app);
    const open = (viewer = patient) =>
      mutate(app, 'createLocation', { practiceId, name: 'Annex' }, { viewer });
    await expect(open()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(open(memberOf(practiceId, 'staff'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(open(memberOf(randomUUID(), 'admin'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(open(anonymous)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await open(support)).toMatchObject({ __typename: 'Location' });
  });

  it('with a wrong zone, address or practice is refused, naming the field', async () => {
    const { practiceId } = await world(app);
    const open = (wrong: object) => mutate(app, 'createLocation', { practiceId, name: 'Annex', ...wrong });
    await expect(open({ timeZone: 'PST' })).rejects.toMatchObject({ fields: ['timeZone'] });
    await expect(open({ address: 'two\nlines' })).rejects.toMatchObject({ fields: ['address'] });
    await expect(open({ practiceId: 'x' })).rejects.toMatchObject({ fields: ['practiceId'] });
    expect(await open({ practiceId: randomUUID() })).toMatchObject({ code: 'UNKNOWN_PRACTICE' });
  });
});
