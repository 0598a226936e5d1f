import { randomUUID } from 'node:crypto';
import { anonymous, memberOf, mutate, patient, specApp, support, type SpecApp } from '../spec-app.js';
import { defaultBookingSettings } from './booking-settings.policy.js';

describe('opening a practice', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());
  const input = { name: ' Harbor ', timeZone: 'america/denver', bookingNumberPrefix: 'HF' };

  it('stores it with the default settings and tells the others', async () => {
    const id = randomUUID();
    const practice = await mutate(
      app,
      'createPractice',
      { id, ...input },
      {},
      '... on Practice { id name timeZone }',
    );
    expect(practice).toEqual({ __typename: 'Practice', id, name: 'Harbor', timeZone: 'America/Denver' });
    const [row] = await app.rows('select booking_settings from practice where id = ?', [id]);
    expect(row).toEqual({ booking_settings: defaultBookingSettings });
    expect(await app.events('scheduling.practice-changed.v1', id)).toEqual([
      {
        practiceId: id,
        version: 1,
        name: 'Harbor',
        timeZone: 'America/Denver',
        currency: 'USD',
        bookingNumberPrefix: 'HF',
        active: true,
        email: null,
      },
    ]);
  });

  it.each([
    ['a patient', patient, 'FORBIDDEN'],
    ['an admin of another practice', memberOf(randomUUID(), 'admin'), 'FORBIDDEN'],
    ['somebody not logged in', anonymous, 'UNAUTHENTICATED'],
  ])('is refused to %s', async (_, viewer, code) => {
    const id = randomUUID();
    await expect(mutate(app, 'createPractice', { id, ...input }, { viewer })).rejects.toMatchObject({ code });
    expect(await app.rows('select 1 from practice where id = ?', [id])).toEqual([]);
  });

  it.each([
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['timeZone', { timeZone: '+05:00' }],
    ['currency', { currency: 'XQQ' }],
    ['name', { name: '  ' }],
    ['bookingNumberPrefix', { bookingNumberPrefix: 'toolong' }],
    ['id', { id: 'no-uuid' }],
    ['email', { email: 'nowhere' }],
    ['bookingSettings.maximumAdvanceDays', { bookingSettings: { maximumAdvanceDays: 6 } }],
  ])('refuses a wrong %s and stores nothing', async (field, wrong) => {
    const before = await app.rows('select count(*) from practice');
    const refused = mutate(app, 'createPractice', { ...input, ...wrong }, { viewer: support });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: [field] });
    expect(await app.rows('select count(*) from practice')).toEqual(before);
  });

  it('refuses an id that is taken', async () => {
    const id = randomUUID();
    await mutate(app, 'createPractice', { id, ...input });
    expect(await mutate(app, 'createPractice', { id, ...input })).toMatchObject({ code: 'PRACTICE_EXISTS' });
    expect(await app.events('scheduling.practice-changed.v1', id)).toHaveLength(1);
  });

  it('answers the same for the same idempotency key, and opens one practice', async () => {
    const keyed = { ...input, idempotencyKey: 'once' };
    const [first, second] = [
      await mutate(app, 'createPractice', keyed, {}, '... on Practice { id }'),
      await mutate(app, 'createPractice', keyed, {}, '... on Practice { id }'),
    ];
    expect(second).toEqual(first);
    const other = mutate(app, 'createPractice', { ...keyed, name: 'Other' });
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });
});
