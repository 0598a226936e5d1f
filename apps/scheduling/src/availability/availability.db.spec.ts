import { randomUUID } from 'node:crypto';
import { connectionChanged, featureFlagChanged, readOffer, type Offer } from '@caregraph/contracts';
import { onFeatureFlagChanged } from '@caregraph/messaging';
import {
  anonymous,
  memberOf,
  mutate,
  offerKeys,
  specApp,
  sunday,
  type SpecApp,
  weekdays,
  world,
} from '../spec-app.js';
import { onConnectionChanged } from './known-calendar.js';
import { connection, consume, slotsOf, startsOf } from './spec-slots.js';

describe('availability', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  it("lists free times by provider, told in the practice's zone or the one asked for (SC-036, SC-009)", async () => {
    const { typeId, providerId, locationId } = await world(app);
    const told = await slotsOf(app, typeId, { first: 1 }, { viewer: anonymous });
    expect(told).toMatchObject({
      timeZone: 'America/Denver',
      nextFrom: '2026-06-08T15:30:00.000Z',
      slots: [
        {
          start: '2026-06-08T15:00:00.000Z',
          end: '2026-06-08T16:00:00.000Z',
          localStart: '2026-06-08T09:00:00-06:00',
          provider: { id: providerId },
          location: { id: locationId },
        },
      ],
    });
    const inIndia = await slotsOf(app, typeId, { timeZone: 'asia/kolkata', first: 1 });
    expect(inIndia.timeZone).toBe('Asia/Kolkata');
    expect(inIndia.slots[0]?.localStart).toBe('2026-06-08T20:30:00+05:30');
  });

  it('signs an offer that booking can read, under 250 characters, worth ten minutes', async () => {
    const { practiceId, locationId, providerId, typeId } = await world(app);
    const resourceIds = [randomUUID(), randomUUID(), randomUUID()];
    for (const id of resourceIds)
      await mutate(app, 'createResource', { id, locationId, name: 'R', kind: 'CHAIR' });
    await mutate(app, 'updateAppointmentType', { appointmentTypeId: typeId, resourceIds });
    const [slot] = (await slotsOf(app, typeId)).slots;
    const text = slot?.offer ?? '';
    expect(text.length).toBeLessThan(250);
    const expected: Offer = {
      practiceId,
      providerId,
      appointmentTypeId: typeId,
      locationId,
      resourceIds,
      start: new Date('2026-06-08T15:00:00Z'),
      expiresAt: new Date(sunday.getTime() + 600_000),
      expectedMode: 'REQUEST',
      appointmentTypeVersion: 2,
      providerVersion: 1,
      overruled: 0,
    };
    expect(readOffer(text, offerKeys, new Date(sunday.getTime() + 599_999))).toEqual(expected);
    expect(readOffer(text, offerKeys, new Date(sunday.getTime() + 600_000))).toBe('EXPIRED');
  });

  it('expects an instant booking where the calendar is connected, unless the settings say otherwise (BK-059)', async () => {
    const place = await world(app);
    const mode = async () => (await slotsOf(app, place.typeId, { first: 1 })).slots[0]?.mode;
    const tell = (...args: Parameters<typeof connection>) =>
      consume(app, onConnectionChanged, connectionChanged, connection(...args));
    expect(await mode()).toBe('REQUEST');
    await tell(place, 'CONNECTED', 2);
    expect(await mode()).toBe('INSTANT');
    await tell(place, 'NOT_CONNECTED', 1);
    expect(await mode()).toBe('INSTANT');
    await tell(place, 'STALE', 3);
    expect(await mode()).toBe('REQUEST');
    const settings = { mode: 'INSTANT', modeOverride: true };
    await mutate(app, 'overrideBookingSettings', { providerId: place.providerId, settings });
    expect(await mode()).toBe('INSTANT');
  });

  it("keeps the provider's notice and advance (BK-062, BK-063)", async () => {
    const { providerId, typeId } = await world(app);
    const settings = { minimumNoticeHours: 28, maximumAdvanceDays: 7 };
    await mutate(app, 'overrideBookingSettings', { providerId, settings });
    expect(await startsOf(app, typeId)).toEqual(['16:00', '16:30', '17:00']);
    const month = { from: '2026-06-08T00:00:00Z', to: '2026-07-08T00:00:00Z' };
    const { slots } = await slotsOf(app, typeId, month);
    expect(slots.at(-1)?.start).toBe('2026-06-12T17:00:00.000Z');
  });

  it('shows what patients may not book themselves only to who works at the practice (SC-027)', async () => {
    const { practiceId, typeId } = await world(app, { type: { allowOnlineBooking: false } });
    expect(await startsOf(app, typeId)).toEqual([]);
    expect(await startsOf(app, typeId, {}, { viewer: memberOf(randomUUID(), 'staff') })).toEqual([]);
    expect(await startsOf(app, typeId, {}, { viewer: memberOf(practiceId, 'staff') })).toHaveLength(5);
  });

  it('offers nothing of a type that is not bookable any more, nor of a provider who takes no bookings', async () => {
    const { typeId, providerId } = await world(app);
    await mutate(app, 'updateProvider', { providerId, isActive: false });
    expect(await startsOf(app, typeId)).toEqual([]);
    await mutate(app, 'updateProvider', { providerId, isActive: true });
    expect(await startsOf(app, typeId)).toHaveLength(5);
    await mutate(app, 'updateAppointmentType', { appointmentTypeId: typeId, isActive: false });
    expect(await startsOf(app, typeId)).toEqual([]);
  });

  it('offers a type that needs a room only where the room is (SC-049)', async () => {
    const { practiceId, typeId, providerId, locationId } = await world(app);
    const [annex, room] = [randomUUID(), randomUUID()];
    await mutate(app, 'createLocation', { id: annex, practiceId, name: 'Annex' });
    await mutate(app, 'updateProvider', { providerId, locationIds: [locationId, annex] });
    await mutate(app, 'setWeeklyHours', {
      providerId,
      blocks: [
        { weekday: 1, start: '09:00', end: '10:00', locationId },
        { weekday: 1, start: '14:00', end: '15:00', locationId: annex },
      ],
    });
    expect(await startsOf(app, typeId)).toEqual(['15:00', '20:00']);
    await mutate(app, 'createResource', { id: room, locationId: annex, name: 'Room', kind: 'ROOM' });
    await mutate(app, 'updateAppointmentType', { appointmentTypeId: typeId, resourceIds: [room] });
    expect(await startsOf(app, typeId)).toEqual(['20:00']);
    await mutate(app, 'updateProvider', { providerId, locationIds: [locationId] });
    expect(await startsOf(app, typeId)).toEqual([]);
  });

  it('follows a one-off override of the day in place of the week (Y-24)', async () => {
    const { typeId, providerId, locationId } = await world(app);
    const blocks = [{ start: '18:00', end: '19:30', locationId }];
    await mutate(app, 'overrideDay', { providerId, date: '2026-06-08', blocks });
    expect(await startsOf(app, typeId, { to: '2026-06-09T18:00:00Z' })).toEqual([
      ...['00:00', '00:30'],
      ...['15:00', '15:30', '16:00', '16:30', '17:00'],
    ]);
    await mutate(app, 'overrideDay', { providerId, date: '2026-06-08', blocks: [] });
    expect(await startsOf(app, typeId)).toEqual([]);
  });

  it('is right on the days when the clock changes: an hour is skipped in spring, and shown twice in autumn (SC-009)', async () => {
    const { typeId, providerId, locationId } = await world(app, { type: { durationMinutes: 30 } });
    const blocks = [{ weekday: 0, start: '01:00', end: '03:30', locationId }];
    await mutate(app, 'setWeeklyHours', { providerId, blocks });
    const told = async (day: string, next: string): Promise<string[]> => {
      const question = { from: `${day}T00:00:00Z`, to: `${next}T00:00:00Z` };
      const { slots } = await slotsOf(app, typeId, question, {
        now: new Date(Date.parse(question.from) - 7_200_000),
      });
      return slots.map(({ localStart }) => localStart.slice(11));
    };
    expect(await told('2027-03-14', '2027-03-15')).toEqual([
      '01:00:00-07:00',
      '01:30:00-07:00',
      '03:00:00-06:00',
    ]);
    expect(await told('2026-11-01', '2026-11-02')).toEqual([
      ...['01:00:00-06:00', '01:30:00-06:00', '01:00:00-07:00', '01:30:00-07:00'],
      ...['02:00:00-07:00', '02:30:00-07:00', '03:00:00-07:00'],
    ]);
  });

  it('never cuts a start in two: who is free at the same time is told together', async () => {
    const place = await world(app);
    const colleague = randomUUID();
    await mutate(app, 'createProvider', {
      id: colleague,
      practiceId: place.practiceId,
      name: 'Dr. Colleague',
      locationIds: [place.locationId],
      bookingSettings: { minimumNoticeHours: 1 },
    });
    await mutate(app, 'setWeeklyHours', {
      providerId: colleague,
      blocks: weekdays(place.locationId, '09:00', '12:00'),
    });
    await mutate(app, 'updateAppointmentType', {
      appointmentTypeId: place.typeId,
      providerIds: [place.providerId, colleague],
    });
    const first = await slotsOf(app, place.typeId, { first: 1 });
    expect(first.slots.map(({ start }) => start.slice(11, 16))).toEqual(['15:00', '15:00']);
    expect(first.nextFrom).toBe('2026-06-08T15:30:00.000Z');
  });

  it('goes on from where it was cut', async () => {
    const { typeId } = await world(app);
    const first = await slotsOf(app, typeId, { first: 2 });
    const rest = await slotsOf(app, typeId, { from: first.nextFrom });
    expect([...first.slots, ...rest.slots].map(({ start }) => start.slice(11, 16))).toEqual([
      ...['15:00', '15:30', '16:00', '16:30', '17:00'],
    ]);
    expect(rest.nextFrom).toBeNull();
  });

  it.each([
    ['to', { to: '2026-06-08T00:00:00Z' }],
    ['to', { to: '2026-08-09T00:00:01Z' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['appointmentTypeId', { appointmentTypeId: randomUUID() }],
    ['appointmentTypeId', { appointmentTypeId: 'x' }],
    ['providerIds', { providerIds: [randomUUID()] }],
    ['providerIds', { providerIds: ['x'] }],
    ['first', { first: 501 }],
  ])('refuses a wrong %s by its name', async (field, wrong) => {
    const { typeId } = await world(app);
    await expect(slotsOf(app, typeId, wrong)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [field],
    });
  });

  it('may be asked for exactly 62 days', async () => {
    const { typeId } = await world(app);
    expect(await startsOf(app, typeId, { to: '2026-08-09T00:00:00Z' })).not.toEqual([]);
  });

  it('lists nothing while all bookings are disabled, says so, and lists all again afterwards (GW-007)', async () => {
    const { typeId, admin } = await world(app);
    const usual = await startsOf(app, typeId);
    expect(usual.length).toBeGreaterThan(0);
    let version = 0;
    const set = (flag: string, value: boolean) =>
      consume(app, onFeatureFlagChanged, featureFlagChanged, {
        ...featureFlagChanged.example,
        flag,
        version: ++version,
        value,
      });
    await set('booking.disable_all_bookings', true);
    for (const viewer of [anonymous, admin])
      expect(await slotsOf(app, typeId, {}, { viewer })).toEqual({
        timeZone: 'America/Denver',
        slots: [],
        nextFrom: null,
        bookingsDisabled: true,
      });
    await set('booking.disable_all_bookings', false);
    await set('payment.disable_captures', true);
    expect(await startsOf(app, typeId)).toEqual(usual);
    expect(await slotsOf(app, typeId)).toMatchObject({ bookingsDisabled: false });
  });
});
