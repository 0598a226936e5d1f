// What each flag stops in booking, and what goes on while it does.
import { isOn, Refusal } from '@caregraph/contracts';
import { flagsSet } from '@caregraph/messaging';
import { idempotent } from '@caregraph/subgraph';
import { SlotHold } from '../hold/hold.js';
import { endHold } from '../hold/hold.jobs.js';
import { holdSlot } from '../hold/hold-slot.js';
import { releaseHold } from '../hold/release-hold.js';
import { BookingBed } from '../testing/booking-bed.js';
import { exampleOf } from '../testing/examples.js';
import { Appointment } from './appointment.js';
import { bookAppointment, type BookAppointmentInput } from './book-appointment.js';
import { cancelAppointment } from './cancel-appointment.js';
import { confirmAppointment } from './confirm-appointment.js';
import { declineAppointment } from './decline-appointment.js';
import { expireOverdue } from './end-appointment.js';
import { rescheduleAppointment } from './reschedule-appointment.js';
import { retryAppointmentPayment } from './retry-payment.js';

const stop = 'booking.disable_all_bookings';
const request = 'booking.request_mode_enabled';
const instant = 'booking.instant_mode_enabled';
const percentage = 'booking.request_mode_percentage';
const holds = 'booking.payment_holds_enabled';

let bed: BookingBed;
let version = 0;
beforeAll(async () => {
  bed = await BookingBed.open();
});
beforeEach(async () => {
  await bed.fresh();
  await bed.em().execute('delete from known_flag');
});
afterAll(() => bed.close());

/** The platform's event, as the transport brings it. */
const set = (flag: string, value: boolean | number | null, providers: object = {}): Promise<void> =>
  bed.deliver(exampleOf('platform.feature-flag-changed.v1', { flag, version: ++version, value, providers }));
const hold = (hours = 48, expectedMode: 'INSTANT' | 'REQUEST' = 'REQUEST', account = 'pat') =>
  holdSlot(bed.as(account), { offer: bed.signed({ start: bed.at(hours), expectedMode }) });
const held = async (...at: Parameters<typeof hold>): Promise<SlotHold> => {
  const outcome = await hold(...at);
  if (outcome instanceof Refusal) throw new Error(outcome.code);
  return outcome;
};
const codeOf = (outcome: object): string => (outcome instanceof Refusal ? outcome.code : 'done');
const paid = ({ id }: Appointment): Promise<void> =>
  bed.deliver(
    exampleOf('payments.payment-held.v1', { appointmentId: id, heldUntil: bed.at(168).toISOString() }),
  );
const again = ({ id }: Appointment): Promise<Appointment> => bed.em().findOneOrFail(Appointment, id);
/** A request of Pat's that its provider is asked about. */
const asked = async (hours: number): Promise<Appointment> => {
  const appointment = await bed.booked({ start: bed.at(hours) });
  await paid(appointment);
  return again(appointment);
};

describe('while all bookings are disabled', () => {
  it('no time is held and no hold is booked, until they are allowed again (X-24)', async () => {
    const patientId = await bed.patientOf('pat');
    const { id: holdId } = await held();
    const input = { holdId, patientId, paymentMethodId: 'pm_card_visa' };
    await set(stop, true);
    expect(codeOf(await hold(72))).toBe('BOOKINGS_DISABLED');
    expect(codeOf(await bookAppointment(bed.as('pat'), input))).toBe('BOOKINGS_DISABLED');
    expect(await bed.em().findOneOrFail(SlotHold, holdId)).toMatchObject({ status: 'ACTIVE' });
    expect(await bed.em().count(Appointment, { practiceId: bed.practiceId })).toBe(0);
    await set(stop, false);
    expect(codeOf(await bookAppointment(bed.as('pat'), input))).toBe('done');
    expect(codeOf(await hold(72))).toBe('done');
  });

  it('nothing is moved to another time; asked for the time it has, it is answered', async () => {
    const appointment = await bed.confirmed();
    await set(stop, true);
    const move = (hours: number) =>
      rescheduleAppointment(bed.as('pat'), {
        appointmentId: appointment.id,
        offer: bed.signed({ start: bed.at(hours) }),
      });
    expect(codeOf(await move(72))).toBe('BOOKINGS_DISABLED');
    expect(await again(appointment)).toMatchObject({ start: bed.at(48), rescheduleCount: 0 });
    expect(codeOf(await move(48))).toBe('done');
  });

  it('no other card takes a time anew, but what stands may be paid', async () => {
    const [failed, due] = [await bed.booked(), await bed.confirmed({ start: bed.at(72) })];
    await bed.deliver(exampleOf('payments.payment-failed.v1', { appointmentId: failed.id }));
    await bed.deliver(exampleOf('payments.payment-capture-failed.v1', { appointmentId: due.id }));
    await set(stop, true);
    const pay = ({ id: appointmentId }: Appointment) =>
      retryAppointmentPayment(bed.as('pat'), { appointmentId, paymentMethodId: 'pm_card_mastercard' });
    expect(codeOf(await pay(failed))).toBe('BOOKINGS_DISABLED');
    expect(codeOf(await pay(due))).toBe('done');
  });

  it('cancels, answers, money and time limits go on (X-24)', async () => {
    const open = await held(96, 'REQUEST', 'sam');
    const late = await held(102, 'REQUEST', 'sam');
    const [first, second, third, waiting] = [
      await asked(48),
      await asked(54),
      await asked(60),
      await bed.booked({ start: bed.at(66) }),
    ];
    const standing = await bed.confirmed({ start: bed.at(72) });
    await set(stop, true);
    const of = ({ id: appointmentId }: Appointment) => ({ appointmentId });
    const done = [
      await confirmAppointment(bed.asProvider(), of(first)),
      await declineAppointment(bed.asProvider(), of(second)),
      await cancelAppointment(bed.as('pat'), of(standing)),
      await releaseHold(bed.as('sam'), { holdId: open.id }),
    ];
    expect(done.map(codeOf)).toEqual(['done', 'done', 'done', 'done']);
    await paid(waiting);
    expect(await again(waiting)).toMatchObject({ status: 'PENDING_CONFIRMATION' });
    bed.later(25 * 60);
    await expireOverdue(bed.asSystem(), third.id);
    expect(await again(third)).toMatchObject({ status: 'EXPIRED' });
    await endHold(bed.em(), late.id, bed.now);
    expect(await bed.em().findOneOrFail(SlotHold, late.id)).toMatchObject({ status: 'EXPIRED' });
  });

  it('what was booked before is answered again to the same key', async () => {
    const input: BookAppointmentInput = {
      holdId: (await held()).id,
      patientId: await bed.patientOf('pat'),
      paymentMethodId: 'pm_card_visa',
      idempotencyKey: 'before',
    };
    const book = () => idempotent(bed.as('pat'), 'bookAppointment', input, bookAppointment);
    const first = await book();
    await set(stop, true);
    expect(await book()).toMatchObject({ id: (first as Appointment).id });
  });
});

describe('a provider', () => {
  /** What comes of a hold and a booking of an offer of that mode. */
  const outcomeOf = async (expectedMode: 'INSTANT' | 'REQUEST'): Promise<[string, string?]> => {
    await bed.changeProvider({ settings: { mode: expectedMode, modeOverride: true } });
    const kept = await hold(48, expectedMode);
    if (kept instanceof Refusal) return [kept.code];
    const patientId = await bed.patientOf('pat');
    const input = { holdId: kept.id, patientId, paymentMethodId: 'pm_card_visa' };
    const booked = await bookAppointment(bed.as('pat'), input);
    return booked instanceof Refusal ? [booked.code] : [booked.mode, booked.modeReason];
  };
  const own = (value: boolean) => ({ [bed.providerId]: value });

  it.each<[string, () => Promise<unknown>, [string, string?], [string, string?]]>([
    ['nothing', () => Promise.resolve(), ['REQUEST', 'PROVIDER_SETTING'], ['INSTANT', 'PROVIDER_SETTING']],
    ['no requests', () => set(request, false), ['REQUEST_MODE_DISABLED'], ['INSTANT', 'PROVIDER_SETTING']],
    [
      'no requests with this provider',
      () => set(request, null, own(false)),
      ['REQUEST_MODE_DISABLED'],
      ['INSTANT', 'PROVIDER_SETTING'],
    ],
    [
      'requests with no percent of the providers',
      () => set(percentage, 0),
      ['REQUEST_MODE_DISABLED'],
      ['INSTANT', 'PROVIDER_SETTING'],
    ],
    [
      'requests with no percent of the providers, and with this one',
      () => set(percentage, 0).then(() => set(request, null, own(true))),
      ['REQUEST', 'PROVIDER_SETTING'],
      ['INSTANT', 'PROVIDER_SETTING'],
    ],
    [
      'nothing instant',
      () => set(instant, false),
      ['REQUEST', 'PROVIDER_SETTING'],
      ['REQUEST', 'PROVIDER_SETTING'],
    ],
    [
      'nothing instant and no requests',
      () => set(instant, false).then(() => set(request, false)),
      ['REQUEST_MODE_DISABLED'],
      ['REQUEST_MODE_DISABLED'],
    ],
  ])('with %s set takes what is left (GW-008)', async (_what, flags, requested, booked) => {
    await flags();
    expect(await outcomeOf('INSTANT')).toEqual(booked);
    await bed.fresh();
    await flags();
    expect(await outcomeOf('REQUEST')).toEqual(requested);
  });

  it('who was asked while requests were on answers them when they are off', async () => {
    const appointment = await asked(48);
    await set(request, false);
    const answer = await confirmAppointment(bed.asProvider(), { appointmentId: appointment.id });
    expect(answer).toMatchObject({ status: 'CONFIRMED' });
  });

  it('who has a request mode of his own is asked for by the same rule in every replica', async () => {
    await set(request, null, own(false));
    const [one, two] = [await flagsSet(bed.em()), await flagsSet(bed.em())];
    expect([isOn(one, request, bed.providerId), isOn(two, request, bed.providerId)]).toEqual([false, false]);
  });
});

describe('while no money is held', () => {
  it('an appointment is paid at the practice: no card, no deadline, straight on to its answer', async () => {
    await set(holds, false);
    const { id: holdId } = await held();
    const patientId = await bed.patientOf('pat');
    const booked = await bookAppointment(bed.as('pat'), { holdId, patientId });
    expect(booked).toMatchObject({
      status: 'PENDING_CONFIRMATION',
      paymentMode: 'AT_VISIT',
      paymentDeadlineAt: null,
    });
    const [event] = await bed.published('booking.appointment-requested.v1');
    expect(event?.data).toMatchObject({ paymentMode: 'AT_VISIT', paymentMethodId: null });
    await set(holds, true);
    const answer = { appointmentId: (booked as Appointment).id };
    expect(await confirmAppointment(bed.asProvider(), answer)).toMatchObject({ status: 'CONFIRMED' });
  });

  it('a card that was given all the same is not used', async () => {
    await set(holds, null, { [bed.providerId]: false });
    await bed.booked();
    const [event] = await bed.published('booking.appointment-requested.v1');
    expect(event?.data).toMatchObject({ paymentMode: 'AT_VISIT', paymentMethodId: null });
  });

  it('what is held already stays held, and is needed for a yes', async () => {
    const appointment = await bed.booked();
    await set(holds, false);
    expect(await again(appointment)).toMatchObject({ status: 'PENDING_PAYMENT', paymentMode: 'HOLD' });
    await paid(appointment);
    expect(await again(appointment)).toMatchObject({ status: 'PENDING_CONFIRMATION' });
  });
});
