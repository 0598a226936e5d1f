import { randomUUID } from 'node:crypto';
import type { Viewer } from '@caregraph/runtime';
import { anonymous, memberOf, mutate, patient, specApp, weekdays, world, type SpecApp } from '../spec-app.js';

describe("a provider's schedule", () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());
  const selection = `... on Provider {
    weeklyHours { weekday start end locationId breaks { start end } effectiveFrom effectiveTo } }`;
  const refusal = '... on WeeklyHoursInvalid { fault index }';
  const read = async (providerId: string): Promise<unknown> => {
    const days = 'overriddenDays(from: "2026-06-01", to: "2026-06-30") { date blocks { start end } }';
    const source = `{ provider(id: "${providerId}") { weeklyHours { weekday start end } ${days} } }`;
    return (await app.ask(source, {}, { viewer: anonymous })).data?.provider;
  };

  it('has weekly blocks with breaks, a location and effective dates (SC-001, SC-005)', async () => {
    const { providerId, locationId, admin } = await world(app);
    const block = {
      weekday: 6,
      start: '08:00',
      end: '24:00',
      locationId,
      breaks: [{ start: '12:00', end: '12:30' }],
      effectiveFrom: '2026-07-01',
      effectiveTo: null,
    };
    const provider = await mutate(
      app,
      'setWeeklyHours',
      { providerId, blocks: [block] },
      { viewer: admin },
      selection,
    );
    expect(provider).toEqual({ __typename: 'Provider', weeklyHours: [block] });
  });

  it('is replaced whole: what is not sent is not worked any more', async () => {
    const { providerId, locationId } = await world(app);
    const one = { weekday: 0, start: '10:00', end: '11:00', locationId };
    await mutate(app, 'setWeeklyHours', { providerId, blocks: [one] });
    expect(await read(providerId)).toMatchObject({
      weeklyHours: [{ weekday: 0, start: '10:00', end: '11:00' }],
    });
    await mutate(app, 'setWeeklyHours', { providerId, blocks: [] });
    expect(await read(providerId)).toMatchObject({ weeklyHours: [] });
    const rows = await app.rows('select version from weekly_hours where id = ?', [providerId]);
    expect(rows).toEqual([{ version: 3 }]);
  });

  it('refuses hours that make no schedule, says which block, and keeps the old ones', async () => {
    const { providerId, locationId } = await world(app);
    const before = await read(providerId);
    const blocks = [
      { weekday: 1, start: '09:00', end: '12:00', locationId },
      { weekday: 1, start: '11:00', end: '13:00', locationId },
    ];
    const refused = await mutate(app, 'setWeeklyHours', { providerId, blocks }, {}, refusal);
    expect(refused).toMatchObject({ code: 'WEEKLY_HOURS_INVALID', fault: 'BLOCKS_OVERLAP', index: 1 });
    expect(await read(providerId)).toEqual(before);
  });

  it('has its blocks at locations of the provider', async () => {
    const [own, other] = [await world(app), await world(app)];
    const blocks = weekdays(other.locationId, '09:00', '10:00');
    const refused = await mutate(app, 'setWeeklyHours', { providerId: own.providerId, blocks });
    expect(refused).toMatchObject({ code: 'UNKNOWN_LOCATION' });
  });

  it.each([
    ['blocks.0.start', { start: '09:00:30' }],
    ['blocks.0.locationId', { locationId: 'x' }],
    ['blocks.0.weekday', { weekday: 7 }],
  ])('refuses a wrong %s by its name', async (field, wrong) => {
    const { providerId, locationId } = await world(app);
    const block = { weekday: 1, start: '09:00', end: '12:00', locationId, ...wrong };
    const refused = mutate(app, 'setWeeklyHours', { providerId, blocks: [block] });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: [field] });
  });

  it('refuses what is no time of day or no date, naming where it stands', async () => {
    const { providerId, locationId } = await world(app);
    const set = (wrong: object) => {
      const block = { weekday: 1, start: '09:00', end: '12:00', locationId, ...wrong };
      return mutate(app, 'setWeeklyHours', { providerId, blocks: [block] });
    };
    const named = (path: string) => ({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining(path) as string,
    });
    await expect(set({ end: '25:00' })).rejects.toMatchObject(named('input.blocks[0].end'));
    await expect(set({ effectiveFrom: '2026-02-30' })).rejects.toMatchObject(
      named('input.blocks[0].effectiveFrom'),
    );
  });

  it('knows no year 0, and says which date it was', async () => {
    const { providerId, locationId, admin } = await world(app);
    const date = '0000-01-01';
    const named = (field: string) => ({ code: 'BAD_USER_INPUT', fields: [field] });
    const block = { weekday: 1, start: '09:00', end: '10:00', locationId };
    for (const field of ['effectiveFrom', 'effectiveTo'])
      await expect(
        mutate(app, 'setWeeklyHours', { providerId, blocks: [{ ...block, [field]: date }] }),
      ).rejects.toMatchObject(named(`blocks.0.${field}`));
    await expect(
      mutate(app, 'overrideDay', { providerId, date, blocks: [] }, { viewer: admin }),
    ).rejects.toMatchObject(named('date'));
    for (const [field, to] of [
      ['from', '0001-01-01'],
      ['to', '0000-02-01'],
    ] as const) {
      const days = `overriddenDays(from: "${date}", to: "${to}") { date }`;
      const answer = await app.ask(
        `{ provider(id: "${providerId}") { ${days} } }`,
        {},
        { viewer: anonymous },
      );
      expect(answer.errors).toMatchObject([named(field)]);
    }
  });

  it('differs on one date, is off on another, and follows the week again (SC-003, SC-006)', async () => {
    const { providerId, locationId, admin } = await world(app);
    const override = (date: string, blocks: object[] | null) =>
      mutate(app, 'overrideDay', { providerId, date, blocks }, { viewer: admin });
    await override('2026-06-08', [{ start: '18:00', end: '20:00', locationId }]);
    await override('2026-06-08', [{ start: '17:00', end: '19:00', locationId }]);
    await override('2026-06-09', []);
    expect(await read(providerId)).toMatchObject({
      overriddenDays: [
        { date: '2026-06-08', blocks: [{ start: '17:00', end: '19:00' }] },
        { date: '2026-06-09', blocks: [] },
      ],
    });
    await override('2026-06-08', null);
    expect(await read(providerId)).toMatchObject({ overriddenDays: [{ date: '2026-06-09' }] });
    const inverted = [{ start: '18:00', end: '17:00', locationId }];
    expect(await override('2026-06-10', inverted)).toMatchObject({ code: 'WEEKLY_HOURS_INVALID' });
    expect(
      await override('2026-06-10', [{ start: '18:00', end: '19:00', locationId: randomUUID() }]),
    ).toMatchObject({
      code: 'UNKNOWN_LOCATION',
    });
  });

  it.each([
    ['setWeeklyHours', { blocks: [] }],
    ['overrideDay', { date: '2026-06-08', blocks: [] }],
  ])('is changed by %s only as an admin of the practice', async (name, rest) => {
    const { practiceId, providerId } = await world(app);
    const before = await read(providerId);
    for (const viewer of [patient, memberOf(practiceId, 'provider'), memberOf(randomUUID(), 'admin')]) {
      await expect(mutate(app, name, { providerId, ...rest }, { viewer })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    const nobody = mutate(app, name, { providerId, ...rest }, { viewer: anonymous });
    await expect(nobody).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await mutate(app, name, { providerId: randomUUID(), ...rest })).toMatchObject({
      code: 'UNKNOWN_PROVIDER',
    });
    expect(await read(providerId)).toEqual(before);
  });

  it('is changed by the provider himself where the practice lets him, and by no colleague (GW-031)', async () => {
    const { practiceId, providerId, locationId, admin } = await world(app, {
      provider: { account: 'login|amelia' },
    });
    const self = { ...memberOf(practiceId, 'provider'), account: 'login|amelia' };
    const blocks = [{ weekday: 3, start: '10:00', end: '11:00', locationId }];
    const set = (viewer: Viewer) => mutate(app, 'setWeeklyHours', { providerId, blocks }, { viewer });
    const off = (viewer: Viewer) =>
      mutate(app, 'overrideDay', { providerId, date: '2026-06-08', blocks: [] }, { viewer });
    const allow = (keepsOwnHours: boolean, viewer = admin) =>
      mutate(
        app,
        'updateProvider',
        { providerId, keepsOwnHours },
        { viewer },
        '... on Provider { keepsOwnHours }',
      );

    const refused = { code: 'FORBIDDEN' };
    await expect(set(self)).rejects.toMatchObject(refused);
    await expect(allow(true, self)).rejects.toMatchObject(refused);
    expect(await allow(true)).toMatchObject({ keepsOwnHours: true });
    await set(self);
    await off(self);
    expect(await read(providerId)).toEqual({
      weeklyHours: [{ weekday: 3, start: '10:00', end: '11:00' }],
      overriddenDays: [{ date: '2026-06-08', blocks: [] }],
    });
    for (const other of [memberOf(practiceId, 'provider'), patient])
      for (const change of [set, off]) await expect(change(other)).rejects.toMatchObject(refused);
    await allow(false);
    await expect(set(self)).rejects.toMatchObject(refused);
  });
});
