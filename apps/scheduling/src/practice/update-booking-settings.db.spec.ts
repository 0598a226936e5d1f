import { randomUUID } from 'node:crypto';
import { memberOf, mutate, patient, specApp, support, world, type SpecApp } from '../spec-app.js';

describe("a practice's booking settings", () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());
  const update = (practiceId: string, settings: object, viewer = memberOf(practiceId, 'admin')) =>
    mutate(app, 'updateBookingSettings', { practiceId, settings }, { viewer });

  it('reach each provider, who keeps what he has set himself, as resolved events with growing versions (Y-21)', async () => {
    const { practiceId, providerId } = await world(app);
    await update(practiceId, { bufferMinutes: 30, minimumNoticeHours: 48 });
    const events = await app.events('scheduling.provider-changed.v1', providerId);
    expect(events).toMatchObject([
      { version: 1, bookingSettings: { bufferMinutes: 15, minimumNoticeHours: 1 } },
      { version: 2, bookingSettings: { bufferMinutes: 30, minimumNoticeHours: 1 } },
    ]);
    expect(await app.events('scheduling.practice-changed.v1', practiceId)).toMatchObject([
      { version: 1 },
      { version: 2 },
    ]);
  });

  it('outside of their ranges are refused, each by its name, and nothing changes (BK-061, BK-064)', async () => {
    const { practiceId } = await world(app);
    const refused = update(practiceId, {
      confirmationDeadlineHours: 3,
      bufferMinutes: 61,
      minimumNoticeHours: 2,
    });
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: ['settings.confirmationDeadlineHours', 'settings.bufferMinutes'],
    });
    expect(await app.rows('select version from practice where id = ?', [practiceId])).toEqual([
      { version: 1 },
    ]);
  });

  it('are not for patients, providers or the desk to change', async () => {
    const { practiceId } = await world(app);
    for (const viewer of [patient, memberOf(practiceId, 'provider'), memberOf(practiceId, 'staff')]) {
      await expect(update(practiceId, { bufferMinutes: 0 }, viewer)).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    }
  });

  it('of no practice are refused as such', async () => {
    expect(await update(randomUUID(), { bufferMinutes: 0 }, support)).toMatchObject({
      code: 'UNKNOWN_PRACTICE',
    });
  });

  it('changed while providers are taken on leave nobody with the old ones', async () => {
    const { practiceId, admin } = await world(app);
    const asAdmin = { viewer: admin };
    await Promise.all([
      ...Array.from({ length: 6 }, (_, index) =>
        mutate(app, 'createProvider', { practiceId, name: `Dr. ${index}` }, asAdmin),
      ),
      update(practiceId, { slotDurationMinutes: 20 }),
    ]);
    const last = new Map<string, unknown>();
    const events = (await app.events('scheduling.provider-changed.v1')) as Record<string, unknown>[];
    for (const event of events.filter((each) => each.practiceId === practiceId)) {
      last.set(
        String(event.providerId),
        (event.bookingSettings as Record<string, unknown>).slotDurationMinutes,
      );
    }
    expect([...last.values()]).toEqual(Array.from({ length: 7 }, () => 20));
  });
});
