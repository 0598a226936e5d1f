import { randomUUID } from 'node:crypto';
import { mutate, patient, specApp, world, type SpecApp } from '../spec-app.js';

describe('a resource', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  it('is a room, chair or equipment of a location of the practice (SC-049)', async () => {
    const { practiceId, locationId, admin } = await world(app);
    const id = randomUUID();
    const input = { id, locationId, name: 'Room 1', kind: 'ROOM' };
    const selection = '... on Resource { name kind location { id } }';
    expect(await mutate(app, 'createResource', input, { viewer: admin }, selection)).toEqual({
      __typename: 'Resource',
      name: 'Room 1',
      kind: 'ROOM',
      location: { id: locationId },
    });
    const rows = await app.rows('select practice_id, location_id from resource where id = ?', [id]);
    expect(rows).toEqual([{ practice_id: practiceId, location_id: locationId }]);
  });

  it('is refused to patients, and at no location', async () => {
    const { locationId } = await world(app);
    const input = { name: 'Room 1', kind: 'ROOM' };
    const refused = mutate(app, 'createResource', { ...input, locationId }, { viewer: patient });
    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const nowhere = await mutate(app, 'createResource', { ...input, locationId: randomUUID() });
    expect(nowhere).toMatchObject({ code: 'UNKNOWN_LOCATION' });
  });
});
