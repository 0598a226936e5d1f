import { randomUUID } from 'node:crypto';
import { claimsChanged } from '@caregraph/contracts';
import { mutate, specApp, sunday, world, type SpecApp } from '../spec-app.js';
import { onClaimsChanged } from './busy-time.js';
import { claims, consume, startsOf } from './spec-slots.js';

describe('busy time', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());
  const tell = (data: ReturnType<typeof claims>) => consume(app, onClaimsChanged, claimsChanged, data);
  const all = ['15:00', '15:30', '16:00', '16:30', '17:00'];
  const [start, end] = ['2026-06-08T15:30:00.000Z', '2026-06-08T16:30:00.000Z'];

  it("of booking's claims takes the slots it overlaps, and gives them back when it is empty", async () => {
    const { practiceId, providerId, typeId } = await world(app);
    expect(await startsOf(app, typeId)).toEqual(all);
    const claimed = claims(practiceId, [[providerId, start, end]]);
    await tell(claimed);
    expect(await startsOf(app, typeId)).toEqual(['16:30', '17:00']);
    await tell({ ...claimed, version: 2, claims: [] });
    expect(await startsOf(app, typeId)).toEqual(all);
  });

  it('of two owners at the very same time, a hold and the appointment it became, still takes the slots', async () => {
    const { practiceId, providerId, typeId } = await world(app);
    await tell(claims(practiceId, [[providerId, start, end]]));
    await tell(claims(practiceId, [[providerId, start, end]]));
    expect(await startsOf(app, typeId)).toEqual(['16:30', '17:00']);
  });

  it('moves whole with its owner, and an older or repeated version changes nothing', async () => {
    const { practiceId, providerId, typeId } = await world(app);
    const claimed = claims(practiceId, [[providerId, start, end]], { version: 2 });
    const later = ['2026-06-08T17:00:00.000Z', '2026-06-08T18:00:00.000Z'] as const;
    await tell(claimed);
    await tell({ ...claims(practiceId, [[providerId, ...later]]), ownerId: claimed.ownerId, version: 3 });
    const expected = ['15:00', '15:30', '16:00'];
    expect(await startsOf(app, typeId)).toEqual(expected);
    await tell(claimed);
    await tell({ ...claimed, version: 3 });
    expect(await startsOf(app, typeId)).toEqual(expected);
    await tell({ ...claimed, version: 4, claims: [] });
    await tell({ ...claimed, version: 3 });
    expect(await startsOf(app, typeId)).toEqual(all);
  });

  it('that was lost here is back once booking says it again, in the same version', async () => {
    const { practiceId, providerId, typeId } = await world(app);
    const claimed = claims(practiceId, [[providerId, start, end]]);
    await tell(claimed);
    for (const lost of [
      ['delete from busy_interval'],
      ['delete from busy_interval', 'delete from busy_owner'],
    ]) {
      for (const statement of lost) await app.rows(statement);
      expect(await startsOf(app, typeId)).toEqual(all);
      await tell(claimed);
      expect(await startsOf(app, typeId)).toEqual(['16:30', '17:00']);
    }
  });

  it('of a hold is over at its second, also when nobody says so', async () => {
    const { practiceId, providerId, typeId } = await world(app);
    const expiresAt = new Date(sunday.getTime() + 300_000);
    const held = { ownerKind: 'HOLD' as const, expiresAt: expiresAt.toISOString() };
    await tell(claims(practiceId, [[providerId, start, end]], held));
    const at = (milliseconds: number) =>
      startsOf(app, typeId, {}, { now: new Date(expiresAt.getTime() + milliseconds) });
    expect(await at(-1)).toEqual(['16:30', '17:00']);
    expect(await at(0)).toEqual(all);
  });

  it('of a room takes the slots of those who need it, and of nobody else (SC-049)', async () => {
    const { practiceId, providerId, locationId, typeId } = await world(app);
    const roomId = randomUUID();
    await mutate(app, 'createResource', { id: roomId, locationId, name: 'Room 1', kind: 'ROOM' });
    const withRoom = randomUUID();
    const input = { id: withRoom, practiceId, name: 'With room', durationMinutes: 60, priceAmountMinor: 0 };
    const offered = { providerIds: [providerId], resourceIds: [roomId], allowOnlineBooking: true };
    await mutate(app, 'createAppointmentType', { ...input, ...offered, bufferAfterMinutes: 0 });
    await tell(claims(practiceId, [[roomId, start, end]]));
    expect(await startsOf(app, withRoom)).toEqual(['16:30', '17:00']);
    expect(await startsOf(app, typeId)).toEqual(all);
  });

  it('is read in one query, however many providers are asked', async () => {
    const { practiceId, locationId, typeId, providerId } = await world(app);
    const providerIds = [providerId, ...Array.from({ length: 9 }, () => randomUUID())];
    for (const id of providerIds.slice(1)) {
      await mutate(app, 'createProvider', { id, practiceId, name: 'Dr. N', locationIds: [locationId] });
    }
    await mutate(app, 'updateAppointmentType', { appointmentTypeId: typeId, providerIds });
    const statements = async (ids: string[]): Promise<number> => {
      const before = app.queries();
      await startsOf(app, typeId, { providerIds: ids });
      return app.queries() - before;
    };
    const forOne = await statements([providerId]);
    expect(forOne).toBeGreaterThan(3);
    expect(await statements(providerIds)).toBe(forOne);
  });
});
