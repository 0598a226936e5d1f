// What people do at the two practices, each verb with a key of its own: free times, hold, book, answer, cancel, move.
import { randomUUID } from 'node:crypto';
import { eventually } from '@caregraph/testing';
import { demoId } from '../demo/ids.js';
import type { Slot } from '../demo/seen.js';
import type { Caller, Definite, Outcome, Person } from './caller.js';
import type { Visit } from './people.js';

/** An appointment that somebody was told of. */
export interface Known {
  readonly id: string;
  readonly visit: Visit;
  /** Who booked it: a patient, or the desk for one. */
  readonly booker: string;
}

/** What is looked at of an appointment. */
export interface Seen {
  readonly status: string;
  readonly confirmationDeadlineAt: string | null;
}

const hour = 3_600_000;
const outcomeFields = '__typename ... on DomainError { code message }';

export class Clinic {
  /** All appointments of which somebody has heard. */
  readonly known: Known[] = [];

  constructor(
    private readonly caller: Pick<Caller, 'ask'>,
    private readonly now: () => Promise<Date>,
    /** Marks what patients write, so that it is recognised where it does not belong. */
    private readonly run: string,
  ) {}

  /** Somebody not logged in; he is given a session with his first answer. */
  visitor(): Person {
    return { login: null };
  }

  async freeTimes(
    person: Person,
    visit: Visit,
    { fromHours, toHours }: { readonly fromHours: number; readonly toHours: number },
  ): Promise<Slot[]> {
    const now = (await this.now()).getTime();
    const document = `query FreeTimes($type: ID!, $providers: [ID!], $from: DateTime!, $to: DateTime!) {
      availability(appointmentTypeId: $type, providerIds: $providers, from: $from, to: $to) { slots { start end mode offer } } }`;
    const { data } = await this.caller.ask<{ availability: { slots: Slot[] } }>(person, {
      act: 'availability',
      document,
      variables: {
        type: demoId('appointment-type', visit.type),
        providers: [demoId('provider', visit.provider)],
        from: new Date(now + fromHours * hour).toISOString(),
        to: new Date(now + toHours * hour).toISOString(),
      },
    });
    return data?.availability.slots ?? [];
  }

  hold(person: Person, offer: string, key: string = randomUUID()): Promise<Definite<{ outcome: Outcome }>> {
    return this.mutate(person, 'holdSlot', { offer }, '... on SlotHold { id status holdToken }', key);
  }

  release(person: Person, hold: Outcome): Promise<Definite<{ outcome: Outcome }>> {
    const input = { holdId: hold.id, holdToken: hold.holdToken };
    return this.mutate(person, 'releaseHold', input, '... on SlotHold { id status }', randomUUID());
  }

  /** Books a held time; who hears that it worked knows the appointment from then on. */
  async book(
    booker: string,
    visit: Visit,
    hold: Outcome,
    { patientId, card, key = randomUUID() }: { patientId: string; card: string; key?: string },
  ): Promise<Definite<{ outcome: Outcome }>> {
    const notes = canaryOf(this.run, visit, patientId);
    const input = { holdId: hold.id, holdToken: hold.holdToken, patientId, paymentMethodId: card, notes };
    const fields = '... on Appointment { id status version patientNotes }';
    const answer = await this.mutate({ login: booker }, 'bookAppointment', input, fields, key);
    const id = answer.outcome === 'accepted' ? answer.data?.outcome.id : undefined;
    if (id !== undefined && !this.known.some((one) => one.id === id)) this.known.push({ id, visit, booker });
    return answer;
  }

  /** Confirm, decline, cancel: a verb on an appointment. */
  act(
    login: string,
    mutation: string,
    appointmentId: string,
    over: object = {},
    key: string = randomUUID(),
  ): Promise<Definite<{ outcome: Outcome }>> {
    const fields = '... on Appointment { id status version patientNotes }';
    return this.mutate({ login }, mutation, { appointmentId, ...over }, fields, key);
  }

  async refund(login: string, appointmentId: string, amountMinor: number): Promise<void> {
    const document = 'query PaymentOf($id: ID!) { appointment(id: $id) { id payment { id status } } }';
    const { data } = await this.caller.ask<{ appointment: { payment: { id: string } | null } | null }>(
      { login },
      { act: 'appointment', document, variables: { id: appointmentId } },
    );
    const paymentId = data?.appointment?.payment?.id;
    if (paymentId === undefined) return;
    const input = { paymentId, amountMinor, reason: 'The fault campaign gives a part back.' };
    await this.mutate({ login }, 'refundPayment', input, '... on Payment { id status }', randomUUID());
  }

  async read(login: string, id: string): Promise<Seen | null> {
    const document = `query Read($id: ID!) { appointment(id: $id) {
      id status version start bookingNumber patientNotes confirmationDeadlineAt provider { name } patient { id firstName email }
      payment { id status } notifications { cause recipient status } } }`;
    const wish = { act: 'appointment', document, variables: { id } };
    const { data } = await this.caller.ask<{ appointment: Seen | null }>({ login }, wish);
    return data?.appointment ?? null;
  }

  /** The appointment once it has one of the statuses; throws when it does not get there. */
  untilStatus(login: string, id: string, ...statuses: readonly string[]): Promise<Seen> {
    return eventually(
      `${id} is ${statuses.join(' or ')}`,
      async () => {
        const seen = await this.read(login, id);
        return seen && statuses.includes(seen.status) ? seen : undefined;
      },
      { withinMs: 90_000, everyMs: 200 },
    );
  }

  async list(login: string): Promise<void> {
    const document = `query List { appointments(first: 50) { edges { node { id status version start patientNotes } } } }`;
    await this.caller.ask({ login }, { act: 'appointments', document, variables: {} });
  }

  private mutate(
    person: Person,
    mutation: string,
    input: object,
    fields: string,
    key: string,
  ): Promise<Definite<{ outcome: Outcome }>> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const name = mutation.charAt(0).toUpperCase() + mutation.slice(1);
    const document = `mutation ${name}($input: ${type}!) { outcome: ${mutation}(input: $input) { ${outcomeFields} ${fields} } }`;
    return this.caller.ask(person, { act: mutation, document, variables: { input }, key });
  }
}

/** What a patient writes: it names who may read it. */
export const canaryOf = (run: string, visit: Visit, patientId: string): string =>
  `canary-${run}/${demoId('practice', visit.practice)}/${patientId}/${demoId('provider', visit.provider)}/end`;
