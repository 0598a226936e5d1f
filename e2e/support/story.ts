// What the stories share: the running stack, the people, and what a visitor does before he logs in.
import { randomUUID } from 'node:crypto';
import { eventually, GatewayClient } from '@caregraph/testing';
import { connectStack } from '../../tools/stack/client.js';
import { told, type Ledger, type Outcome, type SeenAppointment, type Slot } from '../../tools/demo/seen.js';
import { operation } from '../../tools/demo/operations.js';
import { World } from '../../tools/demo/world.js';

/** The stack that the run's setup has started. */
export const stack = connectStack(process.env.CAREGRAPH_STACK_FILE ?? '');

export const openWorld = (): World => new World(() => stack.describe());

/** Somebody not logged in, in a session of his own: quotas on holds count him apart from everybody else. */
export function visitor(): GatewayClient {
  const { graphql, subscriptions } = stack.describe();
  return new GatewayClient({ graphql, subscriptions });
}

/** Holds an offered time without a login. */
export async function holdAsVisitor(offer: string): Promise<Outcome> {
  const { outcome } = await visitor().request<{ outcome: Outcome }>(operation('HoldSlot'), {
    input: { offer },
  });
  return outcome;
}

/** What is needed to book a time that was held by a visitor who logs in then. */
export interface Held {
  readonly holdId: string;
  readonly holdToken: string;
}

export function held({ id, code, holdToken }: Outcome): Held {
  if (code !== undefined || !id || !holdToken) throw new Error(`holdSlot was refused: ${String(code)}`);
  return { holdId: id, holdToken };
}

/** A time of the provider that nobody has, held by a visitor. Apps follow a moved clock within moments. */
export const holdFirst = (world: World, wanted: Wanted): Promise<{ slot: Slot; hold: Held }> =>
  eventually('a time is held', async () => {
    const slot = await world.firstSlot(wanted);
    return { slot, hold: held(await holdAsVisitor(slot.offer)) };
  });

export type Wanted = Parameters<World['slots']>[0];

/** Holds as a visitor, logs in and books; throws on any refusal. */
export async function booked(
  world: World,
  login: string,
  wanted: Wanted,
  over: Readonly<Record<string, unknown>> = {},
): Promise<{ id: string; slot: Slot }> {
  const { slot, hold } = await holdFirst(world, wanted);
  const { id, code } = await world.book(login, hold.holdId, { holdToken: hold.holdToken, ...over });
  if (!id || code !== undefined) throw new Error(`bookAppointment was refused: ${String(code)}`);
  return { id, slot };
}

/** An instant booking with Dr. Chen that is confirmed and paid, and of which both were told. */
export async function confirmed(
  world: World,
  login: string,
  wanted: Partial<Wanted> = {},
): Promise<{ id: string; slot: Slot }> {
  const one = await booked(world, login, { ...instantVisit, ...wanted });
  await untilConfirmed(world, login, one.id);
  return one;
}

/** So far ahead that no story moves the clock there: the days before stay free for those to which the hour matters. */
const farAhead = { fromHours: 500, toHours: 1_200 };

/** Dr. Chen works at all hours and takes bookings at once. */
export const instantVisit: Wanted = { provider: 'provider', type: 'first-visit', ...farAhead };

/** Dr. Okafor answers each request. */
export const requestedVisit: Wanted = { provider: 'provider2', type: 'first-visit', ...farAhead };

/** What a first visit costs, in cents. */
export const price = 12_000;

export const confirmedAndTold = (one: SeenAppointment): boolean =>
  one.status === 'CONFIRMED' &&
  one.payment?.status === 'CAPTURED' &&
  told(one, 'appointment-confirmed', 'PATIENT') &&
  told(one, 'appointment-confirmed', 'PROVIDER');

/** Patient and desk see the same, but only the desk sees what went to the provider. */
export const untilConfirmed = (
  world: World,
  _login: string,
  id: string,
  withinMs?: number,
): Promise<SeenAppointment> =>
  world.until('staff', id, 'it is confirmed and paid, and both were told', confirmedAndTold, withinMs);

/** The appointment as the desk sees it, once all messages have arrived and booking has noted all that others did. */
export async function settled(world: World, id: string): Promise<SeenAppointment> {
  const query =
    'query Trail($id: ID!) { appointment(id: $id) { history { type } notifications { status } } }';
  await eventually('all is told and noted', async () => {
    const { appointment } = await world.as('staff').request<{
      appointment: { history: { type: string }[]; notifications: { status: string }[] };
    }>(query, { id });
    const noted = appointment.history.filter(({ type }) => type === 'notification_sent').length;
    const { notifications } = appointment;
    const arrived = notifications.every(({ status }) => status === 'DELIVERED');
    return notifications.length > 0 && arrived && noted === notifications.length ? true : undefined;
  });
  const seen = await world.see('staff', id);
  if (!seen) throw new Error(`There is no appointment ${id}.`);
  return seen;
}

/** The sandbox's books say: one charge, so much captured and given back, and nobody got the same mail twice. */
export async function expectMoney(
  world: World,
  appointmentId: string,
  wanted: { readonly capturedMinor: number; readonly refundedMinor: number; readonly status: string },
): Promise<Ledger> {
  const ledger = await world.ledger(appointmentId);
  const intents = ledger.paymentIntents.map(({ status, capturedMinor, refundedMinor }) => ({
    status,
    capturedMinor,
    refundedMinor,
  }));
  expect(intents).toEqual([wanted]);
  expectEachMailOnce(ledger);
  return ledger;
}

export function expectEachMailOnce({ mails }: Ledger): void {
  const sent = mails.map(({ to, subject }) => `${to}: ${subject}`);
  expect(sent).toEqual([...new Set(sent)]);
}

/** The first free times again, as a plain list of starts. */
export const startsOf = (slots: readonly Slot[]): string[] => slots.map(({ start }) => start);

export const aKey = (): string => `story-${randomUUID()}`;
