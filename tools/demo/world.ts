// The demo's people at work: what a person can do through the gateway, what the sandbox says happened, and the clock.
// The stories of `npm run demo` and the end-to-end specs are written with it.
import { randomUUID } from 'node:crypto';
import { eventually, GatewayClient } from '@caregraph/testing';
import type { StackFile } from '../stack/stack-file.js';
import { demoPatients, demoProviders } from './data.js';
import { demoId } from './ids.js';
import { operation } from './operations.js';
import type { Ledger, Outcome, SeenAppointment, Slot } from './seen.js';

const outcomeFields = '__typename ... on DomainError { code message }';

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

export class World {
  private readonly clients = new Map<string, GatewayClient>();

  /** @param read reads `stack.json` afresh: pids change when an app is started again. */
  constructor(readonly read: () => StackFile) {}

  /** A client with the person's token; without a login, somebody not logged in. */
  as(login?: string): GatewayClient {
    const { graphql, subscriptions, logins } = this.read();
    const known = this.clients.get(login ?? '');
    if (known) return known;
    if (login && !logins[login]) throw new Error(`There is no demo login ${login}.`);
    const client = new GatewayClient({ graphql, subscriptions }, login ? logins[login]?.token : undefined);
    this.clients.set(login ?? '', client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients.values()) await client.close();
  }

  /** The patient's record of a login, or of one registered at the desk. */
  patientOf(login: string): string {
    const patient = demoPatients.find((one) => one.login === login);
    if (!patient) throw new Error(`No patient logs in as ${login}.`);
    return patient.id;
  }

  providerName(login: string): string {
    return demoProviders.find((one) => one.login === login)?.name ?? login;
  }

  /** What time the apps have it. */
  async now(): Promise<Date> {
    const { offsetMs } = await this.sandbox<{ offsetMs: number }>('GET', '/_sandbox/clock?after=-1');
    return new Date(Date.now() + offsetMs);
  }

  /** Moves the world's clock on; each app follows within moments. */
  async advance(by: {
    readonly hours?: number;
    readonly minutes?: number;
    readonly seconds?: number;
  }): Promise<void> {
    await this.sandbox('POST', '/_sandbox/clock/advance', by);
  }

  ledger(appointmentId: string): Promise<Ledger> {
    return this.sandbox('GET', `/_sandbox/ledger?appointmentId=${appointmentId}`);
  }

  /** Somebody cancels the order at the processor itself, behind our back. */
  async cancelAtProcessor(paymentIntent: string): Promise<void> {
    const url = new URL(`/v1/payment_intents/${paymentIntent}/cancel`, this.read().urls.sandbox);
    const headers = { authorization: 'Bearer sk_test_demo', 'stripe-version': '2026-10-28.endive' };
    const response = await fetch(url, { method: 'POST', headers });
    if (!response.ok) throw new Error(`The processor refused to cancel: ${await response.text()}`);
  }

  async sandbox<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const url = new URL(path, this.read().urls.sandbox);
    const response = await fetch(url, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as Answer;
  }

  /** Free times from so many hours from now on, soonest first. Right after a change they may lag behind for moments. */
  async slots(wanted: {
    readonly by?: string;
    readonly provider: string;
    readonly type: string;
    readonly fromHours: number;
    readonly toHours: number;
  }): Promise<Slot[]> {
    const now = (await this.now()).getTime();
    const at = (hours: number): string => new Date(now + hours * 3_600_000).toISOString();
    const client = this.as(wanted.by);
    const { availability } = await client.request<{ availability: { slots: Slot[] } }>(
      operation('FreeTimes'),
      {
        type: demoId('appointment-type', wanted.type),
        providers: [demoId('provider', wanted.provider)],
        from: at(wanted.fromHours),
        to: at(wanted.toHours),
      },
    );
    return availability.slots;
  }

  /** The first free time; throws when there is none. */
  async firstSlot(wanted: Parameters<World['slots']>[0]): Promise<Slot> {
    return eventually('a free time', async () => (await this.slots(wanted))[0], { withinMs: 5_000 });
  }

  hold(login: string | undefined, offer: string, key: string = randomUUID()): Promise<Outcome> {
    return this.send(login, operation('HoldSlot'), { offer }, key);
  }

  book(
    login: string,
    holdId: string,
    over: Readonly<Record<string, unknown>> = {},
    key: string = randomUUID(),
  ): Promise<Outcome> {
    const input = { holdId, patientId: this.patientOf(login), paymentMethodId: 'pm_card_visa', ...over };
    return this.send(login, operation('BookAppointment'), input, key);
  }

  /** Confirm, decline, cancel: a mutation that takes an appointment. */
  act(
    login: string,
    mutation: string,
    appointmentId: string,
    over: object = {},
    key: string = randomUUID(),
  ): Promise<Outcome> {
    return this.send(login, operation(capital(mutation)), { appointmentId, ...over }, key);
  }

  /** Any other mutation, in words of the caller's own. */
  mutate(
    login: string | undefined,
    mutation: string,
    input: object,
    fields: string,
    key: string,
  ): Promise<Outcome> {
    const name = capital(mutation);
    const document = `mutation ${name}($input: ${name}Input!) { outcome: ${mutation}(input: $input) { ${outcomeFields} ${fields} } }`;
    return this.send(login, document, input, key);
  }

  private async send(
    login: string | undefined,
    document: string,
    input: object,
    key: string,
  ): Promise<Outcome> {
    const headers = { 'idempotency-key': key };
    const { outcome } = await this.as(login).request<{ outcome: Outcome }>(document, { input }, headers);
    return outcome;
  }

  /** Holds and books the first free time of the wanted; throws on any refusal. */
  async booked(
    login: string,
    wanted: Parameters<World['slots']>[0],
    over: Readonly<Record<string, unknown>> = {},
  ): Promise<{ id: string; slot: Slot }> {
    const slot = await this.firstSlot({ by: login, ...wanted });
    const hold = await this.hold(login, slot.offer);
    if (!hold.id || hold.code) throw new Error(`holdSlot was refused: ${hold.code ?? ''}`);
    const { id, code } = await this.book(login, hold.id, over);
    if (!id || code) throw new Error(`bookAppointment was refused: ${code ?? ''}`);
    return { id, slot };
  }

  async see(login: string, id: string): Promise<SeenAppointment | null> {
    const client = this.as(login);
    const query = operation('SeeAppointment');
    return (await client.request<{ appointment: SeenAppointment | null }>(query, { id })).appointment;
  }

  /** The appointment once it is as wanted. */
  until(
    login: string,
    id: string,
    what: string,
    wanted: (seen: SeenAppointment) => boolean,
    withinMs = 20_000,
  ): Promise<SeenAppointment> {
    let last: SeenAppointment | null = null;
    const look = async (): Promise<SeenAppointment | undefined> => {
      last = await this.see(login, id);
      return last && wanted(last) ? last : undefined;
    };
    return eventually(what, look, { withinMs }).catch((error: unknown) => {
      throw new Error(`${(error as Error).message} Last seen: ${JSON.stringify(last)}`, { cause: error });
    });
  }
}
