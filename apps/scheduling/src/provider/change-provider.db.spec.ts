import { randomUUID } from 'node:crypto';
import type { ProviderChanged } from '@caregraph/contracts';
import { anonymous, memberOf, mutate, patient, specApp, world, type SpecApp } from '../spec-app.js';

describe('changing a provider', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());
  const lastEvent = async (id: string): Promise<ProviderChanged> =>
    (await app.events('scheduling.provider-changed.v1', id)).at(-1) as ProviderChanged;

  it('changes what is named and leaves the rest', async () => {
    const { providerId, locationId, admin } = await world(app, { provider: { email: 'a@example.com' } });
    const input = { providerId, account: 'login|amelia', isActive: false };
    await mutate(app, 'updateProvider', input, { viewer: admin });
    const event = await lastEvent(providerId);
    expect(event).toMatchObject({
      version: 2,
      name: 'Dr. Amelia Reyes',
      account: 'login|amelia',
      locationIds: [locationId],
      active: false,
    });
    expect(event.email).not.toBeNull();
  });

  it('clears what may be empty when it is sent as null', async () => {
    const { providerId } = await world(app, {
      provider: { email: 'a@example.com', account: 'login|amelia' },
    });
    await mutate(app, 'updateProvider', { providerId, email: null, account: null, name: null });
    expect(await lastEvent(providerId)).toMatchObject({
      email: null,
      account: null,
      name: 'Dr. Amelia Reyes',
    });
  });

  it("sets his own settings over the practice's, one by one, and gives them up again (Y-21)", async () => {
    const { practiceId, providerId, admin } = await world(app);
    const override = (settings: object) =>
      mutate(app, 'overrideBookingSettings', { providerId, settings }, { viewer: admin });
    await override({ mode: 'INSTANT', modeOverride: true, minimumNoticeHours: null });
    expect((await lastEvent(providerId)).bookingSettings).toMatchObject({
      mode: 'INSTANT',
      modeOverride: true,
      minimumNoticeHours: 24,
    });
    await mutate(app, 'updateBookingSettings', { practiceId, settings: { minimumNoticeHours: 3 } });
    expect((await lastEvent(providerId)).bookingSettings).toMatchObject({
      mode: 'INSTANT',
      minimumNoticeHours: 3,
    });
    await expect(override({ maximumAdvanceDays: 366 })).rejects.toMatchObject({
      fields: ['settings.maximumAdvanceDays'],
    });
  });

  it.each(['updateProvider', 'overrideBookingSettings'])(
    'by %s is for admins of his practice',
    async (name) => {
      const { practiceId, providerId } = await world(app);
      const input = name === 'updateProvider' ? { providerId, name: 'X' } : { providerId, settings: {} };
      for (const viewer of [patient, memberOf(practiceId, 'provider'), memberOf(randomUUID(), 'admin')]) {
        await expect(mutate(app, name, input, { viewer })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      }
      const nobody = mutate(app, name, input, { viewer: anonymous });
      await expect(nobody).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      const unknown = await mutate(app, name, { ...input, providerId: randomUUID() });
      expect(unknown).toMatchObject({ code: 'UNKNOWN_PROVIDER' });
      expect(await lastEvent(providerId)).toMatchObject({ version: 1 });
    },
  );

  it("shows his contact data to himself and his practice's desk alone", async () => {
    const contact = { email: 'a@example.com', mobile: '+12125550142', account: 'login|amelia' };
    const { practiceId, providerId, admin } = await world(app, { provider: contact });
    const read = async (viewer = patient) => {
      const { data } = await app.ask(
        `{ provider(id: "${providerId}") { name email mobile } }`,
        {},
        { viewer },
      );
      return data?.provider;
    };
    const hidden = { name: 'Dr. Amelia Reyes', email: null, mobile: null };
    const shown = { name: 'Dr. Amelia Reyes', email: 'a@example.com', mobile: '+12125550142' };
    expect(await read(anonymous)).toEqual(hidden);
    expect(await read(patient)).toEqual(hidden);
    expect(await read(memberOf(practiceId, 'provider'))).toEqual(hidden);
    expect(await read(memberOf(randomUUID(), 'admin'))).toEqual(hidden);
    expect(await read({ ...patient, account: 'login|amelia' })).toEqual(shown);
    expect(await read(admin)).toEqual(shown);
  });
});
