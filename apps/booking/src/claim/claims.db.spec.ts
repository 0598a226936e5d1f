import { randomUUID } from 'node:crypto';
import { BookingBed } from '../testing/booking-bed.js';
import { takeTime, type ClaimOwner } from './claims.js';

describe('taking time', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  afterAll(() => bed.close());

  const owner = (over: Partial<ClaimOwner> = {}): ClaimOwner => ({
    id: randomUUID(),
    kind: 'APPOINTMENT',
    practiceId: bed.practiceId,
    version: 1,
    expiresAt: null,
    ...over,
  });
  const take = (
    who: ClaimOwner,
    subjectIds: string[],
    fromMinute: number,
    toMinute: number,
  ): Promise<boolean> =>
    bed.em().transactional((em) =>
      takeTime(
        em,
        who,
        {
          subjectIds,
          start: new Date(bed.now.getTime() + fromMinute * 60_000),
          end: new Date(bed.now.getTime() + toMinute * 60_000),
        },
        bed.now,
      ),
    );
  const claimsOf = async (subject: string): Promise<number> =>
    (await bed.em().execute<unknown[]>('select 1 from claim where subject_id = ?', [subject])).length;

  it('lets neighbours touch and refuses an overlap of one minute', async () => {
    const provider = randomUUID();
    expect(await take(owner(), [provider], 0, 60)).toBe(true);
    expect(await take(owner(), [provider], 60, 90)).toBe(true);
    expect(await take(owner(), [provider], 59, 61)).toBe(false);
  });

  it('takes all subjects or none', async () => {
    const [provider, room] = [randomUUID(), randomUUID()];
    await take(owner(), [room], 0, 60);
    expect(await take(owner(), [provider, room], 30, 90)).toBe(false);
    expect(await claimsOf(provider)).toBe(0);
  });

  it('gives up what the owner had when it takes another time', async () => {
    const provider = randomUUID();
    const mover = owner();
    await take(mover, [provider], 0, 60);
    expect(await take(mover, [provider], 30, 90)).toBe(true);
    expect(await take(owner(), [provider], 0, 30)).toBe(true);
  });

  it('keeps what the owner had when the other time is taken', async () => {
    const provider = randomUUID();
    const mover = owner();
    await take(mover, [provider], 0, 60);
    await take(owner(), [provider], 60, 120);
    expect(await take(mover, [provider], 30, 90)).toBe(false);
    expect(await take(owner(), [provider], 0, 30)).toBe(false);
  });

  it('passes over a hold at its second, before any job has ended it (BK-045)', async () => {
    const provider = randomUUID();
    const until = (ms: number): ClaimOwner =>
      owner({ kind: 'HOLD', expiresAt: new Date(bed.now.getTime() + ms) });
    await take(until(1), [provider], 0, 60);
    expect(await take(owner(), [provider], 0, 60)).toBe(false);
    const other = randomUUID();
    await take(until(0), [other], 0, 60);
    expect(await take(owner(), [other], 0, 60)).toBe(true);
  });

  it('lets one of 50 overlapping claims of two subjects win, with no deadlock (BK-051, BY-005)', async () => {
    const [provider, room] = [randomUUID(), randomUUID()];
    const results = await Promise.all(
      // Different ranges that all contain minute 60, and the subjects in either order.
      Array.from({ length: 50 }, (_, index) =>
        take(owner(), index % 2 ? [provider, room] : [room, provider], 10 + index, 61 + index),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await claimsOf(provider)).toBe(1);
    expect(await claimsOf(room)).toBe(1);
  });

  it('does not deadlock when two owners want what the other has: both are refused', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, other] = [owner(), owner()];
      const [oneProvider, otherProvider, oneRoom, otherRoom] = [
        randomUUID(),
        randomUUID(),
        randomUUID(),
        randomUUID(),
      ];
      await take(one, [oneProvider, oneRoom], 0, 60);
      await take(other, [otherProvider, otherRoom], 0, 60);
      const outcomes = await Promise.all([
        take(one, [oneProvider, otherRoom], 0, 60),
        take(other, [otherProvider, oneRoom], 0, 60),
      ]);
      expect(outcomes).toEqual([false, false]);
    }
  });

  it('cannot be got round: the database refuses an overlap written by hand', async () => {
    const provider = randomUUID();
    await take(owner(), [provider], 0, 60);
    const byHand = bed
      .em()
      .execute(
        `insert into claim (practice_id, owner_id, kind, subject_id, during) values (?, ?, 'appointment', ?, tstzrange(?, ?))`,
        [bed.practiceId, randomUUID(), provider, bed.now, new Date(bed.now.getTime() + 60_000)],
      );
    await expect(byHand).rejects.toMatchObject({ code: '23P01' });
  });
});
