// A practice that no other story knows, with people of every role: what is tried on it disturbs nobody, and nobody else
// changes it meanwhile. Its people are an identity provider's of our own; what they may is the platform's to say.
import { randomUUID } from 'node:crypto';
import { eventually } from '@caregraph/testing';
import { demoAccount } from '../../tools/demo/ids.js';
import type { Outcome } from '../../tools/demo/seen.js';
import { IdentityStub } from './identity-stub.js';
import { startProductionGateway, type ProductionGateway } from './production.js';
import { askGraph, type Answered } from './raw-http.js';

/**
 * The practice's admin, its desk, the provider who is seen and another one, the patient who is his own and another one;
 * a partner who may only read; the admin of another practice; the platform's support; and somebody not logged in.
 */
export const people = [
  'admin',
  'staff',
  'provider',
  'colleague',
  'patient',
  'stranger',
  'partner',
  'neighbour',
  'support',
  'nobody',
] as const;
export type Person = (typeof people)[number];

export interface Told extends Outcome {
  /** Of a partner's new key. */
  readonly key?: string;
}

/** Questions for everything are dearer than any client's, and ten people ask everything in a minute. */
const dear = '1000000000';
const limits = {
  OPERATION_COST_LIMIT: dear,
  OPERATION_COST_LIMIT_ANONYMOUS: dear,
  OPERATION_COST_LIMIT_STAFF: dear,
  OPERATION_COST_LIMIT_PARTNER: dear,
  RATE_LIMIT_CALLER: dear,
  RATE_LIMIT_ADDRESS: dear,
  RATE_LIMIT_BOOKINGS: dear,
};

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

export class OwnPractice {
  readonly id = randomUUID();
  readonly neighbourId = randomUUID();
  readonly locationId = randomUUID();
  readonly providerId = randomUUID();
  readonly colleagueId = randomUUID();
  readonly typeId = randomUUID();
  readonly patientId = randomUUID();
  private readonly run = randomUUID().slice(0, 8);
  private partnerKey = '';

  private constructor(
    private readonly issuer: IdentityStub,
    private readonly gateway: ProductionGateway,
  ) {}

  static async open(): Promise<OwnPractice> {
    const issuer = await IdentityStub.start();
    const gateway = await startProductionGateway({ ...issuer.variables, ...limits });
    const own = new OwnPractice(issuer, gateway);
    await own.letIn();
    await own.furnish();
    return own;
  }

  async close(): Promise<void> {
    await this.gateway.stop();
    await this.issuer.close();
  }

  accountOf(person: Person): string {
    return person === 'support' ? demoAccount('support') : `${person}-${this.run}`;
  }

  /** Each time in a session of its own, logged in just now with a second factor. */
  private async tokenOf(person: Person): Promise<string | undefined> {
    if (person === 'nobody') return undefined;
    if (person === 'partner') return this.partnerKey;
    const now = Math.floor(Date.now() / 1000);
    const sub = this.accountOf(person);
    return this.issuer.token({ sub, sid: randomUUID(), amr: ['pwd', 'otp'], auth_time: now });
  }

  async ask(person: Person, query: string, variables: object = {}): Promise<Answered> {
    const headers = { 'idempotency-key': randomUUID() };
    return askGraph(this.gateway.url, query, { variables, token: await this.tokenOf(person), headers });
  }

  /** What came of it: a code where it was refused, by the graph or by a typed refusal. */
  async change(person: Person, mutation: string, input: object, fields = ''): Promise<Told> {
    const document = `mutation ($input: ${capital(mutation)}Input!) {
      outcome: ${mutation}(input: $input) { __typename ... on DomainError { code } ${fields} } }`;
    const { json, text } = await this.ask(person, document, { input });
    const [error] = json?.errors ?? [];
    if (error) return { __typename: 'Error', code: error.extensions?.code ?? text, message: error.message };
    return (json?.data as { outcome: Told }).outcome;
  }

  /** As `change`, until it is done: apps hear of a new practice and its people within moments. */
  done(person: Person, mutation: string, input: object, fields = ''): Promise<Told> {
    let last: Told | undefined;
    const attempt = async (): Promise<Told | undefined> => {
      last = await this.change(person, mutation, input, fields);
      return last.code === undefined ? last : undefined;
    };
    return eventually(`${mutation} by ${person}`, attempt).catch((cause: unknown) => {
      throw new Error(`${mutation} by ${person}: ${JSON.stringify(last)}`, { cause });
    });
  }

  private async letIn(): Promise<void> {
    const [name, timeZone, currency] = ['Harbor Clinic', 'America/New_York', 'USD'];
    for (const id of [this.id, this.neighbourId])
      await this.done('support', 'createPractice', { id, name, timeZone, currency });
    const roles = { admin: 'ADMIN', staff: 'STAFF', provider: 'PROVIDER', colleague: 'PROVIDER' } as const;
    for (const [person, role] of Object.entries(roles))
      await this.done('support', 'grantMembership', this.membership(this.accountOf(person as Person), role));
    await this.done('support', 'grantMembership', {
      ...this.membership(this.accountOf('neighbour'), 'ADMIN'),
      practiceId: this.neighbourId,
    });
    const read = { practiceId: this.id, name: 'Reader', scopes: ['appointments:read'] };
    const { key = '' } = await this.done('admin', 'createPartnerKey', read, '... on PartnerKey { key }');
    this.partnerKey = key;
    await eventually('the gateway knows the key', async () =>
      (await this.ask('partner', '{ __typename }')).status === 200 ? true : undefined,
    );
  }

  membership = (account: string, role: string): object => ({ practiceId: this.id, account, role });

  private async furnish(): Promise<void> {
    const { id: practiceId, locationId } = this;
    await this.done('admin', 'createLocation', { id: locationId, practiceId, name: 'Harbor' });
    for (const [person, id] of [
      ['provider', this.providerId],
      ['colleague', this.colleagueId],
    ] as const) {
      const account = this.accountOf(person);
      const locationIds = [locationId];
      const provider = { id, practiceId, name: `Dr. ${capital(person)}`, account, locationIds };
      await this.done('admin', 'createProvider', { ...provider, email: `${person}@example.test` });
    }
    const blocks = this.allWeek();
    await this.done('admin', 'setWeeklyHours', { providerId: this.providerId, blocks });
    await this.done('admin', 'createAppointmentType', {
      id: this.typeId,
      practiceId,
      name: 'Visit',
      durationMinutes: 30,
      priceAmountMinor: 5_000,
      paymentMode: 'HOLD',
      allowOnlineBooking: true,
      providerIds: [this.providerId],
    });
    await this.done('patient', 'registerPatient', this.registration({ id: this.patientId }));
    await this.done('stranger', 'registerPatient', this.registration());
  }

  allWeek = (): object[] =>
    [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({
      weekday,
      start: '00:00',
      end: '24:00',
      locationId: this.locationId,
    }));

  registration = (over: object = {}): object => ({
    practiceId: this.id,
    firstName: 'Robin',
    lastName: 'Vale',
    email: `robin.${this.run}@example.test`,
    mobile: '+12075550177',
    textConsent: true,
    ...over,
  });

  /** Free times from the hour on that is named, an hour and a half apart: none is in another's way. */
  async offers(from: Date, wanted: number): Promise<string[]> {
    const to = new Date(from.getTime() + 10 * 86_400_000);
    const query = `{ availability(appointmentTypeId: "${this.typeId}", from: "${from.toISOString()}",
      to: "${to.toISOString()}") { slots { start offer } } }`;
    return eventually('its free times', async () => {
      const { json } = await this.ask('nobody', query);
      const slots = (json?.data as { availability?: { slots: { offer: string }[] } } | null)?.availability
        ?.slots;
      const apart = (slots ?? []).filter((_, at) => at % 3 === 0).slice(0, wanted);
      return apart.length === wanted ? apart.map(({ offer }) => offer) : undefined;
    });
  }

  hold = (person: Person, offer: string): Promise<Told> =>
    this.done(person, 'holdSlot', { offer }, '... on SlotHold { id holdToken }');

  /** A request of the patient's. */
  async booked(offer: string): Promise<string> {
    const { id: holdId } = await this.hold('patient', offer);
    const input = { holdId, patientId: this.patientId, paymentMethodId: 'pm_card_visa' };
    return (await this.done('patient', 'bookAppointment', input, '... on Appointment { id }')).id ?? '';
  }
}
