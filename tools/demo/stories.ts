// The four stories of `npm run demo`: played through the gateway with the tokens of the right people, and compared with
// what the sandbox says happened. Each throws when anything is not as it must be.
import assert from 'node:assert/strict';
import { told, type Ledger, type SeenAppointment } from './seen.js';
import type { World } from './world.js';

/** Tells the reader what a party saw. */
export type Tell = (who: string, what: string) => void;

export interface Story {
  readonly title: string;
  readonly play: (world: World, tell: Tell) => Promise<void>;
}

const price = 12_000;

export const stories: readonly Story[] = [
  { title: 'Instant booking', play: instantBooking },
  { title: 'A request, confirmed by the provider', play: requestConfirmed },
  { title: 'A request that nobody answers', play: requestExpired },
  { title: 'A cancellation with half a refund', play: cancelledLate },
];

async function instantBooking(world: World, tell: Tell): Promise<void> {
  const { id } = await booked(world, tell, 'patient', {
    provider: 'provider',
    type: 'first-visit',
    fromHours: 30,
    toHours: 72,
  });
  const seen = await world.until('staff', id, 'it is confirmed, paid, and both were told', confirmedAndTold);
  showAppointment(tell, 'Grace at the desk sees', seen);
  assert.equal(seen.mode, 'INSTANT');
  assert.equal(seen.calendarEvent?.state, 'NOT_APPLICABLE');
  await checkMoney(world, tell, id, { capturedMinor: price, refundedMinor: 0, status: 'succeeded' });
}

async function requestConfirmed(world: World, tell: Tell): Promise<void> {
  const wanted = { provider: 'provider2', type: 'first-visit', fromHours: 48, toHours: 200 };
  const { id } = await booked(world, tell, 'patient2', wanted);
  const asked = await world.until('provider2', id, 'the provider is asked', (one) =>
    told(one, 'appointment-awaiting-provider', 'PROVIDER'),
  );
  showAppointment(tell, 'Dr. Okafor sees', asked);
  assert.equal(asked.status, 'PENDING_CONFIRMATION');
  assert.equal(asked.payment?.status, 'HELD');

  const outcome = await world.act('provider2', 'confirmAppointment', id);
  assert.equal(outcome.code, undefined);
  tell('Dr. Okafor', 'confirms it');
  const seen = await world.until(
    'provider2',
    id,
    'it is confirmed, paid, and both were told',
    confirmedAndTold,
  );
  showAppointment(tell, 'Dr. Okafor sees', seen);
  await checkMoney(world, tell, id, { capturedMinor: price, refundedMinor: 0, status: 'succeeded' });
}

async function requestExpired(world: World, tell: Tell): Promise<void> {
  const wanted = { provider: 'provider2', type: 'first-visit', fromHours: 60, toHours: 240 };
  const { id } = await booked(world, tell, 'patient3', wanted);
  const asked = await world.until(
    'patient3',
    id,
    'the money is held',
    (one) => one.status === 'PENDING_CONFIRMATION',
  );
  showAppointment(tell, 'Noor sees', asked);
  await world.advance({ hours: 25 });
  tell('The clock', 'is moved on by 25 hours; nobody answers');

  const seen = await world.until(
    'staff',
    id,
    'it has expired, and both were told',
    (one) =>
      one.status === 'EXPIRED' &&
      one.payment?.status === 'CANCELLED' &&
      told(one, 'appointment-expired', 'PATIENT') &&
      told(one, 'appointment-expired', 'PROVIDER'),
  );
  showAppointment(tell, 'Grace at the desk sees', seen);
  const late = await world.act('provider2', 'confirmAppointment', id);
  assert.equal(late.code, 'APPOINTMENT_NOT_CONFIRMABLE');
  tell('Dr. Okafor', `confirms too late, and reads: ${late.message ?? ''}`);
  await checkMoney(world, tell, id, { capturedMinor: 0, refundedMinor: 0, status: 'canceled' });
}

async function cancelledLate(world: World, tell: Tell): Promise<void> {
  const wanted = { provider: 'provider', type: 'first-visit', fromHours: 13, toHours: 23 };
  const { id } = await booked(world, tell, 'patient4', wanted);
  await world.until('staff', id, 'it is confirmed and paid', confirmedAndTold);
  const outcome = await world.act('patient4', 'cancelAppointment', id, { reason: 'A cold.' });
  assert.equal(outcome.status, 'CANCELLED_PATIENT');
  tell('Oliver', 'cancels it, less than 24 and more than 12 hours before');

  const seen = await world.until(
    'staff',
    id,
    'half is refunded, and both were told',
    (one) =>
      one.payment?.status === 'PARTIALLY_REFUNDED' &&
      told(one, 'appointment-cancelled', 'PATIENT') &&
      told(one, 'appointment-cancelled', 'PROVIDER'),
  );
  showAppointment(tell, 'Grace at the desk sees', seen);
  assert.equal(seen.refundBasisPoints, 5_000);
  assert.equal(seen.payment?.refundedAmount.amountMinor, price / 2);
  await checkMoney(world, tell, id, { capturedMinor: price, refundedMinor: price / 2, status: 'succeeded' });
}

const confirmedAndTold = (one: SeenAppointment): boolean =>
  one.status === 'CONFIRMED' &&
  one.payment?.status === 'CAPTURED' &&
  told(one, 'appointment-confirmed', 'PATIENT') &&
  told(one, 'appointment-confirmed', 'PROVIDER');

async function booked(
  world: World,
  tell: Tell,
  login: string,
  wanted: Parameters<World['slots']>[0],
): Promise<{ id: string }> {
  const { id, slot } = await world.booked(login, wanted);
  tell(
    login,
    `finds ${slot.start} (${slot.mode}) with ${world.providerName(wanted.provider)}, holds it and books it: ${id}`,
  );
  return { id };
}

function showAppointment(tell: Tell, who: string, seen: SeenAppointment): void {
  const messages =
    seen.notifications?.map(({ cause, recipient, status }) => `${cause} to ${recipient} ${status}`) ?? [];
  const payment = seen.payment;
  tell(
    who,
    `${seen.bookingNumber} ${seen.status} with ${seen.provider?.name ?? '?'}, calendar ${seen.calendarEvent?.state ?? 'none'}`,
  );
  if (payment)
    tell(
      '',
      `payment ${payment.id} ${payment.status}: ${payment.capturedAmount.amountMinor} captured, ${payment.refundedAmount.amountMinor} refunded, of ${payment.amount.amountMinor} ${payment.amount.currency}`,
    );
  for (const message of messages) tell('', `mail: ${message}`);
}

/** The sandbox's own books must say the same. */
async function checkMoney(
  world: World,
  tell: Tell,
  id: string,
  wanted: { readonly capturedMinor: number; readonly refundedMinor: number; readonly status: string },
): Promise<void> {
  const ledger: Ledger = await world.ledger(id);
  assert.equal(ledger.paymentIntents.length, 1, 'one charge and no more');
  const [intent] = ledger.paymentIntents;
  assert.ok(intent);
  const { status, capturedMinor, refundedMinor } = intent;
  assert.deepEqual({ status, capturedMinor, refundedMinor }, wanted);
  tell(
    "The sandbox's ledger",
    `${intent.id} ${status}: ${capturedMinor} captured, ${refundedMinor} refunded; ${ledger.mails.length} mails`,
  );
  const subjects = ledger.mails.map(({ to, subject }) => `${to} ${subject}`);
  assert.equal(new Set(subjects).size, subjects.length, 'nobody gets the same mail twice');
}
