import { randomUUID } from 'node:crypto';
import type { ProviderChanged } from '@caregraph/contracts';
import { memberOf, mutate, patient, sealer, specApp, world, type SpecApp } from '../spec-app.js';
import { emailContext, mobileContext } from './contact.js';

describe('taking on a provider', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  it('stores the record and tells the others, with resolved settings and sealed contact (SC-050)', async () => {
    const { practiceId, locationId, admin } = await world(app);
    const id = randomUUID();
    const input = {
      id,
      practiceId,
      name: 'Dr. Jonas Weber',
      account: 'login|jonas',
      specialties: ['Cardiology'],
      languages: ['en', 'de-CH'],
      insurances: ['Aetna'],
      timeZone: 'America/New_York',
      locationIds: [locationId],
      email: 'Jonas@Example.com',
      mobile: '(212) 555-0142',
      bookingSettings: { minimumNoticeHours: 2 },
    };
    await mutate(app, 'createProvider', input, { viewer: admin });
    const [event] = (await app.events('scheduling.provider-changed.v1', id)) as [ProviderChanged];
    expect(event).toMatchObject({
      practiceId,
      version: 1,
      name: 'Dr. Jonas Weber',
      account: 'login|jonas',
      timeZone: 'America/New_York',
      locationIds: [locationId],
      bookingSettings: { minimumNoticeHours: 2, maximumAdvanceDays: 60 },
      active: true,
    });
    expect(sealer.open(event.email ?? '', emailContext(id))).toBe('jonas@example.com');
    expect(sealer.open(event.mobile ?? '', mobileContext(id))).toBe('+12125550142');
    const [row] = await app.rows('select * from provider where id = ?', [id]);
    expect(JSON.stringify(row)).not.toMatch(/jonas@example|5550142/i);
    expect(row).toMatchObject({
      specialties: ['Cardiology'],
      languages: ['en', 'de-CH'],
      insurances: ['Aetna'],
    });
  });

  it('puts him into the zone of Denver unless another is named (SC-008)', async () => {
    const { practiceId } = await world(app);
    const selection = '... on Provider { timeZone }';
    const provider = await mutate(app, 'createProvider', { practiceId, name: 'Dr. No' }, {}, selection);
    expect(provider).toMatchObject({ timeZone: 'America/Denver' });
  });

  it.each([
    ['mobile', { mobile: '12' + '345' }],
    ['mobile', { mobile: '+49 30 901820', country: 'DE' }],
    ['email', { email: 'nobody' }],
    ['timeZone', { timeZone: 'Denver' }],
    ['languages', { languages: ['english!'] }],
    ['locationIds', { locationIds: ['x'] }],
    ['bookingSettings.minimumNoticeHours', { bookingSettings: { minimumNoticeHours: 0 } }],
  ])('refuses a wrong %s and stores nothing', async (field, wrong) => {
    const { practiceId, admin } = await world(app);
    const refused = mutate(
      app,
      'createProvider',
      { practiceId, name: 'Dr. No', ...wrong },
      { viewer: admin },
    );
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: [field] });
    const rows = await app.rows('select 1 from provider where practice_id = ?', [practiceId]);
    expect(rows).toHaveLength(1);
  });

  it("refuses another practice's location", async () => {
    const [own, other] = [await world(app), await world(app)];
    const input = { practiceId: own.practiceId, name: 'Dr. No', locationIds: [other.locationId] };
    const refusal = await mutate(app, 'createProvider', input, {}, '... on UnknownLocation { locationId }');
    expect(refusal).toMatchObject({ code: 'UNKNOWN_LOCATION', locationId: other.locationId });
  });

  it('is refused to patients, the desk and other practices', async () => {
    const { practiceId } = await world(app);
    for (const viewer of [patient, memberOf(practiceId, 'staff'), memberOf(randomUUID(), 'admin')]) {
      const refused = mutate(app, 'createProvider', { practiceId, name: 'Dr. No' }, { viewer });
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});
