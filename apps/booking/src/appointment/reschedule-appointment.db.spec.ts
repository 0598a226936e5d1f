import { randomUUID } from 'node:crypto';
import { graphql } from 'graphql';
import { Refusal, type Offer } from '@caregraph/contracts';
import { buildSubgraph, idempotent } from '@caregraph/subgraph';
import { AuditEntry } from '../audit/audit-entry.js';
import { KnownAppointmentType, KnownProvider } from '../catalogue/known.js';
import type { Deps } from '../deps.js';
import { schemaParts } from '../schema.js';
import { BookingBed } from '../testing/booking-bed.js';
import { people, settings } from '../testing/examples.js';
import { Appointment } from './appointment.js';
import { cancelAppointment } from './cancel-appointment.js';
import { rescheduleAppointment } from './reschedule-appointment.js';

describe('moving an appointment', () => {
  let bed: BookingBed;
  beforeAll(async () => {
    bed = await BookingBed.open();
  });
  beforeEach(async () => {
    await bed.fresh();
  });
  afterAll(() => bed.close());

  const stored = ({ id }: Appointment): Promise<Appointment> => bed.em().findOneOrFail(Appointment, id);
  const move = (one: Appointment, over: Partial<Offer> = {}, deps: Deps = bed.as('pat')) =>
    rescheduleAppointment(deps, { appointmentId: one.id, offer: bed.signed({ start: bed.at(72), ...over }) });

  const providersTime = (fromHour: number, toHour: number) => ({
    subjectId: bed.providerId,
    start: bed.at(fromHour),
    end: bed.at(toHour),
  });

  /** Everything that a move would change; the same before and after a refusal. */
  const everything = async (one: Appointment): Promise<object> => ({
    row: await stored(one),
    claims: await bed.claimsOf(one),
    trail: await bed.em().count(AuditEntry, { appointmentId: one.id }),
    published: (await bed.published()).length,
  });
  const refusedUnchanged = async (
    one: Appointment,
    ask: () => Promise<object>,
    refusal: object,
  ): Promise<void> => {
    const before = await everything(one);
    const outcome = await ask();
    expect(outcome).toBeInstanceOf(Refusal);
    expect(outcome).toMatchObject(refusal);
    expect(await everything(one)).toEqual(before);
  };

  it('takes the new time and gives up the old one; status and money stay (BK-083, BK-085)', async () => {
    const one = await bed.confirmed();
    expect(await bed.claimsOf(one)).toEqual([providersTime(48, 49)]);
    const moved = await move(one);
    expect(moved).toMatchObject({ id: one.id, rescheduleCount: 1 });
    expect(await stored(one)).toMatchObject({
      status: 'CONFIRMED',
      version: one.version + 1,
      start: bed.at(72),
      end: bed.at(72.75),
      requestedStart: bed.at(72),
      requestedEnd: bed.at(72.75),
      rescheduleCount: 1,
      priceAmountMinor: one.priceAmountMinor,
      paymentHeldUntil: one.paymentHeldUntil,
    });
    expect(await bed.claimsOf(one)).toEqual([providersTime(72, 73)]);
    expect(await bed.booked({ start: bed.at(48) }, 'sam')).toMatchObject({ start: bed.at(48) });
  });

  it('leaves one entry in the trail and one event, with the time before (BK-085)', async () => {
    const one = await bed.confirmed();
    await move(one);
    const times = {
      previousStart: bed.at(48).toISOString(),
      previousEnd: bed.at(48.75).toISOString(),
      start: bed.at(72).toISOString(),
      end: bed.at(72.75).toISOString(),
    };
    const trail = await bed.em().find(AuditEntry, { appointmentId: one.id }, { orderBy: { seq: 'asc' } });
    expect(trail.filter(({ type }) => type === 'rescheduled')).toHaveLength(1);
    expect(trail.at(-1)).toMatchObject({
      type: 'rescheduled',
      previousStatus: 'CONFIRMED',
      newStatus: 'CONFIRMED',
      version: one.version + 1,
      actorType: 'patient',
      actorSub: 'pat',
      data: times,
    });
    const events = await bed.published('booking.appointment-rescheduled.v1');
    expect(events.map(({ data }) => data)).toEqual([
      expect.objectContaining({ appointmentId: one.id, version: one.version + 1, ...times }),
    ]);
    const told = (await bed.published('booking.claims-changed.v1')).at(-1)?.data;
    expect(told).toMatchObject({
      ownerId: one.id,
      version: one.version + 1,
      claims: [{ start: bed.at(72).toISOString() }],
    });
  });

  it('keeps the reason with the appointment, out of events and trail (BK-083)', async () => {
    const one = await bed.confirmed();
    await rescheduleAppointment(bed.as('pat'), {
      appointmentId: one.id,
      offer: bed.signed({ start: bed.at(72) }),
      reason: 'a private reason',
    });
    expect(await stored(one)).toMatchObject({ rescheduleReason: 'a private reason' });
    expect(JSON.stringify(await bed.published())).not.toContain('private reason');
    expect(JSON.stringify(await bed.em().find(AuditEntry, { appointmentId: one.id }))).not.toContain(
      'private reason',
    );
  });

  it('keeps the length and buffers it was booked with, when its type has others today (X-19)', async () => {
    const one = await bed.confirmed();
    const change = 'update known_appointment_type set duration_minutes = 90, buffer_after_minutes = 30';
    await bed.em().execute(`${change} where id = ?`, [bed.typeId]);
    await move(one);
    expect(await stored(one)).toMatchObject({ start: bed.at(72), end: bed.at(72.75) });
    expect(await bed.claimsOf(one)).toEqual([providersTime(72, 73)]);
  });

  it('may lead to a time that overlaps its own', async () => {
    const one = await bed.confirmed();
    expect(await move(one, { start: bed.at(48.5) })).toMatchObject({
      start: bed.at(48.5),
      rescheduleCount: 1,
    });
    expect(await bed.claimsOf(one)).toEqual([providersTime(48.5, 49.5)]);
  });

  it('takes the rooms and the location that the offer names, and gives up the rooms it had', async () => {
    const [here, there, location] = [randomUUID(), randomUUID(), randomUUID()];
    const one = await bed.confirmed({ resourceIds: [here] });
    await move(one, { resourceIds: [there], locationId: location });
    expect(await stored(one)).toMatchObject({ resourceIds: [there], locationId: location });
    const subjects = (await bed.claimsOf(one)).map(({ subjectId }) => subjectId);
    expect(subjects.sort()).toEqual([bed.providerId, there].sort());
  });

  it('changes nothing when the provider or the room is taken (BK-056, X-19)', async () => {
    const room = randomUUID();
    const one = await bed.confirmed();
    await bed.booked({ start: bed.at(72), resourceIds: [room] }, 'sam');
    await refusedUnchanged(one, () => move(one, { start: bed.at(72.5) }), { code: 'SLOT_TAKEN' });

    const elsewhere = randomUUID();
    await bed
      .em()
      .execute('update claim set subject_id = ? where subject_id = ? and lower(during) = ?', [
        elsewhere,
        bed.providerId,
        bed.at(72),
      ]);
    const sameRoom = { start: bed.at(72.5), resourceIds: [room] };
    await refusedUnchanged(one, () => move(one, sameRoom), { code: 'SLOT_TAKEN' });
    expect(await move(one, { start: bed.at(72.5) })).toMatchObject({ start: bed.at(72.5) });
  });

  it('lets one of two patients win who move to overlapping times at the same moment (BK-056)', async () => {
    const room = randomUUID();
    const pats = await bed.confirmed();
    const sams = await bed.confirmed({ start: bed.at(50) }, people.sam);
    const outcomes = await Promise.all([
      move(pats, { start: bed.at(72), resourceIds: [room] }),
      move(sams, { start: bed.at(72.5), resourceIds: [room] }, bed.as('sam')),
    ]);
    const lost = outcomes.filter((outcome) => outcome instanceof Refusal);
    expect(lost).toEqual([expect.objectContaining({ code: 'SLOT_TAKEN' })]);
    expect(await bed.published('booking.appointment-rescheduled.v1')).toHaveLength(1);
    const [winner, loser] = outcomes[0] instanceof Refusal ? [sams, pats] : [pats, sams];
    expect(await bed.claimsOf(winner)).toHaveLength(2);
    expect(await bed.claimsOf(loser)).toEqual([
      loser === pats ? providersTime(48, 49) : providersTime(50, 51),
    ]);
    expect(await stored(loser)).toMatchObject({ start: loser.start, rescheduleCount: 0 });
  });

  it('swaps nobody’s time: two patients who each want the other’s are both refused', async () => {
    const pats = await bed.confirmed();
    const sams = await bed.confirmed({ start: bed.at(50) }, people.sam);
    const outcomes = await Promise.all([
      move(pats, { start: bed.at(50) }),
      move(sams, { start: bed.at(48) }, bed.as('sam')),
    ]);
    expect(outcomes.map((outcome) => outcome instanceof Refusal && outcome.code)).toEqual([
      'SLOT_TAKEN',
      'SLOT_TAKEN',
    ]);
  });

  it('either moves or is called off when both are asked at the same moment, and keeps no time that is off', async () => {
    const one = await bed.confirmed();
    const [moved] = await Promise.all([
      move(one),
      cancelAppointment(bed.as('pat'), { appointmentId: one.id }),
    ]);
    expect(await stored(one)).toMatchObject({
      status: 'CANCELLED_PATIENT',
      rescheduleCount: moved instanceof Refusal ? 0 : 1,
    });
    expect(await bed.claimsOf(one)).toEqual([]);
  });

  it('is the patient’s alone: provider and desk are told so, to strangers it reads as absent (BK-083, Y-04)', async () => {
    const one = await bed.confirmed();
    const before = await everything(one);
    for (const deps of [bed.asProvider(), bed.asStaff(), bed.asSystem()]) {
      await expect(move(one, {}, deps)).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    }
    const unknown = Object.assign(new Appointment(), { id: randomUUID() });
    expect(await move(one, {}, bed.as('sam'))).toEqual(await move(unknown, {}, bed.as('sam')));
    expect(await everything(one)).toEqual(before);
  });

  it('lets somebody who works at the practice move his own visit, as its patient (Y-04)', async () => {
    const one = await bed.confirmed();
    const deps = bed.as('pat', [{ practiceId: bed.practiceId, role: 'staff' }]);
    expect(await move(one, {}, deps)).toMatchObject({ start: bed.at(72) });
    const [entry] = await bed.em().find(AuditEntry, { appointmentId: one.id, type: 'rescheduled' });
    expect(entry).toMatchObject({ actorType: 'patient', actorSub: 'pat' });
  });

  it('is refused the third time where two are allowed, and the refusal says how many (BK-083, BK-084)', async () => {
    const one = await bed.confirmed();
    await move(one, { start: bed.at(72) });
    await move(one, { start: bed.at(73) });
    await refusedUnchanged(one, () => move(one, { start: bed.at(74) }), {
      code: 'RESCHEDULE_LIMIT_REACHED',
      maxAttempts: 2,
    });
  });

  it('tells the client of the graph how often he could move it (BK-083)', async () => {
    const one = await bed.confirmed();
    await bed.em().execute('update appointment set max_reschedule_attempts = 1 where id = ?', [one.id]);
    const { schema } = await buildSubgraph(schemaParts);
    const source = `mutation ($input: RescheduleAppointmentInput!) {
      rescheduleAppointment(input: $input) {
        __typename
        ... on Appointment { start rescheduleCount }
        ... on RescheduleLimitReached { maxAttempts }
        ... on DomainError { code }
      }
    }`;
    const ask = (start: Date) => {
      const input = { appointmentId: one.id, offer: bed.signed({ start }) };
      return graphql({ schema, source, contextValue: bed.as('pat'), variableValues: { input } });
    };
    expect((await ask(bed.at(72))).data).toEqual({
      rescheduleAppointment: { __typename: 'Appointment', start: bed.at(72), rescheduleCount: 1 },
    });
    expect((await ask(bed.at(80))).data).toEqual({
      rescheduleAppointment: {
        __typename: 'RescheduleLimitReached',
        maxAttempts: 1,
        code: 'RESCHEDULE_LIMIT_REACHED',
      },
    });
  });

  it('is refused within the notice, where it is not allowed, and unconfirmed (BK-065)', async () => {
    const late = await bed.confirmed({ start: bed.at(23) });
    await refusedUnchanged(late, () => move(late), { code: 'RESCHEDULE_NOTICE_PASSED', noticeHours: 24 });
    const pending = await bed.booked();
    const no = { code: 'APPOINTMENT_NOT_RESCHEDULABLE', status: 'PENDING_PAYMENT' };
    await refusedUnchanged(pending, () => move(pending), no);
    await bed.changeProvider({ settings: { allowReschedule: false } });
    const strict = await bed.confirmed({ start: bed.at(60) });
    await refusedUnchanged(strict, () => move(strict), { code: 'RESCHEDULE_NOT_ALLOWED' });
  });

  it('is refused an offer of another provider, type or practice, and one that is over', async () => {
    const one = await bed.confirmed();
    const other = { provider: randomUUID(), type: randomUUID() };
    const em = bed.em();
    const { practiceId } = bed;
    const zone = { account: null, timeZone: 'America/New_York' };
    em.persist(
      em.create(KnownProvider, {
        id: other.provider,
        practiceId,
        version: 1,
        ...zone,
        settings,
        active: true,
      }),
    );
    const type = await em.findOneOrFail(KnownAppointmentType, bed.typeId);
    type.providerIds = [bed.providerId, other.provider];
    em.persist(em.create(KnownAppointmentType, { ...type, id: other.type }));
    await em.flush();

    const mismatched = { code: 'OFFER_REJECTED', fault: 'MISMATCHED' };
    await refusedUnchanged(one, () => move(one, { providerId: other.provider }), mismatched);
    await refusedUnchanged(one, () => move(one, { appointmentTypeId: other.type }), mismatched);
    await refusedUnchanged(one, () => move(one, { practiceId: randomUUID() }), mismatched);
    const over = { code: 'OFFER_REJECTED', fault: 'EXPIRED' };
    await refusedUnchanged(one, () => move(one, { expiresAt: bed.now }), over);
  });

  it('happens once for the same key, also when asked twice at the same moment', async () => {
    const one = await bed.confirmed();
    const input = { appointmentId: one.id, offer: bed.signed({ start: bed.at(72) }), idempotencyKey: 'once' };
    const ask = () => idempotent(bed.as('pat'), 'rescheduleAppointment', input, rescheduleAppointment);
    const outcomes = [...(await Promise.all([ask(), ask()])), await ask()];
    expect(outcomes).toEqual(outcomes.map(() => expect.objectContaining({ start: bed.at(72) }) as object));
    expect(await stored(one)).toMatchObject({ rescheduleCount: 1 });
    expect(await bed.published('booking.appointment-rescheduled.v1')).toHaveLength(1);
  });

  it('to the time that it has already counts nothing, so that a second click costs no move', async () => {
    const one = await bed.confirmed();
    await Promise.all([move(one), move(one)]);
    expect(await stored(one)).toMatchObject({ rescheduleCount: 1, version: one.version + 1 });
    expect(await bed.published('booking.appointment-rescheduled.v1')).toHaveLength(1);
  });
});
