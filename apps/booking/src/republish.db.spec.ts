import type { EventEnvelope } from '@caregraph/contracts';
import { republish } from '@caregraph/messaging';
import { holdSlot } from './hold/hold-slot.js';
import { republishable } from './republish.js';
import { BookingBed } from './testing/booking-bed.js';

describe('what booking says again', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(() => bed.fresh());
  afterAll(() => bed.close());

  /** The last event of each key, of the topic. */
  const last = (events: readonly EventEnvelope[], type: string): Map<string, unknown> =>
    new Map(events.filter((event) => event.type === type).map(({ subject, data }) => [subject, data]));

  it('of time is what each hold and appointment occupies, as it was said last', async () => {
    await bed.booked();
    await holdSlot(bed.as('sam'), { offer: bed.signed({ start: bed.at(72) }) });
    const before = last(await bed.published(), 'booking.claims-changed.v1');
    if (!republishable.claim) throw new Error('Booking says its claims again.');
    const count = await republish(bed.orm, republishable.claim, bed.now);
    const said = (await bed.published('booking.claims-changed.v1')).slice(-count);
    const after = last(said, 'booking.claims-changed.v1');
    for (const [owner, data] of before) {
      const { version, ...claims } = data as { version: number };
      expect(after.get(owner)).toMatchObject(claims);
      expect((after.get(owner) as { version: number }).version).toBeGreaterThanOrEqual(version);
    }
  });

  it('of appointments is their present state in their present version, without a new entry in the trail', async () => {
    const { id } = await bed.confirmed();
    const [entries] = await bed.em().execute<object[]>('select count(*) from audit_entry');
    const before = (await bed.published()).filter(
      ({ subject, type }) => subject === id && type.includes('appointment-'),
    );
    if (!republishable.appointment) throw new Error('Booking says its appointments again.');
    await republish(bed.orm, republishable.appointment, bed.now);
    const after = last(await bed.published(), 'booking.appointment-updated.v1').get(id);
    const { actor: _system, ...state } = before.at(-1)?.data as { actor: unknown };
    expect(after).toMatchObject(state);
    expect(await bed.em().execute('select count(*) from audit_entry')).toEqual([entries]);
  });
});
