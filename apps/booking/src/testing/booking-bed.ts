// What booking's database specs stand on: a migrated database, a small offering in it, people, and a clock to set.
import { randomBytes, randomUUID } from 'node:crypto';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import {
  Refusal,
  signOffer,
  type BookingSettings,
  type EventEnvelope,
  type Offer,
} from '@caregraph/contracts';
import { migrateJobs } from '@caregraph/jobs';
import {
  createSealer,
  migrateDatabase,
  openDatabase,
  type Membership,
  type Viewer,
} from '@caregraph/runtime';
import { suiteDatabase } from '@caregraph/testing';
import { KnownAppointmentType, KnownPractice, KnownProvider } from '../catalogue/known.js';
import { consumers } from '../consumers.js';
import { databaseParts } from '../database.js';
import type { Deps } from '../deps.js';
import { registerPatient } from '../patient/register-patient.js';
import { jobs } from '../work.js';
import { exampleOf, people, settings } from './examples.js';
import { bookAppointment } from '../appointment/book-appointment.js';
import { holdSlot } from '../hold/hold-slot.js';
import { Appointment } from '../appointment/appointment.js';

const keys = [{ kid: 'test', secret: 'an-offer-secret-of-at-least-32-characters' }];

export class BookingBed {
  now = new Date(0);
  private day = 0;
  practiceId = '';
  providerId = '';
  typeId = '';
  /** What was published before the last `fresh`. */
  private seenSeq = 0;
  private readonly sealer = createSealer([{ kid: 'test', secret: randomBytes(32).toString('base64') }]);

  private constructor(
    readonly orm: MikroORM,
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<BookingBed> {
    const database = await suiteDatabase('booking');
    await migrateDatabase(database.ownerUrl, databaseParts);
    await migrateJobs(database.ownerUrl, jobs);
    const orm = await openDatabase(database.url, databaseParts);
    const bed = new BookingBed(orm, database.url, async () => {
      await orm.close();
      await database.drop();
    });
    await bed.fresh();
    return bed;
  }

  /** The dependencies of one call by this person. */
  as(account: string | null, memberships: Membership[] = []): Deps {
    const viewer: Viewer = {
      account,
      memberships,
      scopes: [],
      amr: ['pwd'],
      authTime: null,
      sid: account === null ? 'session-1' : null,
      ip: null,
      requestId: randomUUID(),
      idempotencyKey: null,
      userAgent: null,
    };
    return {
      em: this.em(),
      viewer,
      now: this.now,
      requestId: viewer.requestId,
      sealer: this.sealer,
      offerKeys: keys,
    };
  }

  asStaff = (): Deps => this.as(people.staff, [{ practiceId: this.practiceId, role: 'staff' }]);
  asProvider = (): Deps => this.as(people.provider, [{ practiceId: this.practiceId, role: 'provider' }]);
  asSystem = (): Deps => this.as(null, [{ practiceId: null, role: 'system' }]);

  em = (): EntityManager => this.orm.em.fork();

  later(minutes: number): void {
    this.now = new Date(this.now.getTime() + minutes * 60_000);
  }

  /** A signed offer; 48 hours ahead when no start is given. */
  signed(over: Partial<Offer> = {}): string {
    const offer: Offer = {
      practiceId: this.practiceId,
      providerId: this.providerId,
      appointmentTypeId: this.typeId,
      locationId: this.practiceId,
      resourceIds: [],
      start: this.at(48),
      expiresAt: new Date(this.now.getTime() + 600_000),
      expectedMode: 'REQUEST',
      appointmentTypeVersion: 1,
      providerVersion: 1,
      overruled: 0,
      ...over,
    };
    return signOffer(offer, keys);
  }

  at = (hours: number): Date => new Date(this.now.getTime() + hours * 3_600_000);

  async patientOf(account: string): Promise<string> {
    const contact = {
      firstName: 'Pat',
      lastName: 'Lee',
      email: `${account}@example.org`,
      mobile: '+12075550123',
      country: 'US',
    };
    const patient = await registerPatient(this.as(account), {
      ...contact,
      practiceId: this.practiceId,
      language: 'en-US',
      textConsent: true,
      relation: 'SELF',
    });
    if (patient instanceof Refusal) throw new Error(patient.code);
    return patient.id;
  }

  /** A booked appointment of Pat's, waiting for its payment. */
  async booked(over: Partial<Offer> = {}, account: string = people.pat): Promise<Appointment> {
    const patientId = await this.patientOf(account);
    const hold = await holdSlot(this.as(account), { offer: this.signed(over) });
    if (hold instanceof Refusal) throw new Error(hold.code);
    const appointment = await bookAppointment(this.as(account), {
      holdId: hold.id,
      patientId,
      paymentMethodId: 'pm_card_visa',
    });
    if (appointment instanceof Refusal) throw new Error(appointment.code);
    return appointment;
  }

  /** Gives an event to booking's own consumer of it, as the transport would. */
  async deliver(envelope: EventEnvelope): Promise<void> {
    const consumer = consumers.find(({ type }) => type === envelope.type);
    if (!consumer) throw new Error(`Nobody consumes ${envelope.type}.`);
    await this.em().transactional((em) => consumer.prepare(envelope)({ ...this.asSystem(), em }));
  }

  /** An appointment of Pat's that is booked, paid for and confirmed, 48 hours ahead when no start is given. */
  async confirmed(over: Partial<Offer> = {}, account: string = people.pat): Promise<Appointment> {
    await this.changeProvider({ settings: { mode: 'INSTANT', modeOverride: true } });
    const { id } = await this.booked({ expectedMode: 'INSTANT', ...over }, account);
    const held = { appointmentId: id, heldUntil: this.at(168).toISOString() };
    await this.deliver(exampleOf('payments.payment-held.v1', held));
    return this.em().findOneOrFail(Appointment, id);
  }

  /** The events published since the last `fresh`, oldest first, in the form consumers get them. */
  async published(type?: string): Promise<EventEnvelope[]> {
    const rows = await this.em().execute<{ payload: EventEnvelope }[]>(
      'select payload from outbox where seq > ? and type = coalesce(?, type) order by seq',
      [this.seenSeq, type ?? null],
    );
    return rows.map(({ payload }) => payload);
  }

  /** What an appointment or a hold occupies, buffers included. */
  async claimsOf({ id }: { readonly id: string }): Promise<{ subjectId: string; start: Date; end: Date }[]> {
    const rows = await this.em().execute<{ subjectId: string; start: number; end: number }[]>(
      `select subject_id as "subjectId", extract(epoch from lower(during))::float8 * 1000 as start,
         extract(epoch from upper(during))::float8 * 1000 as "end" from claim where owner_id = ?`,
      [id],
    );
    return rows.map(({ subjectId, start, end }) => ({
      subjectId,
      start: new Date(start),
      end: new Date(end),
    }));
  }

  async changeProvider(change: { readonly settings: Partial<BookingSettings> }): Promise<void> {
    await this.em().transactional(async (em) => {
      const provider = await em.findOneOrFail(KnownProvider, { id: this.providerId });
      provider.settings = { ...provider.settings, ...change.settings };
    });
  }

  /** Another practice with its provider, on another day: as good as a new database, and much faster. */
  async fresh(): Promise<void> {
    this.now = new Date(Date.UTC(2026, 11, ++this.day, 12));
    const practiceId = (this.practiceId = randomUUID());
    this.providerId = randomUUID();
    this.typeId = randomUUID();
    const em = this.em();
    const [last] = await em.execute<{ seq: string | null }[]>('select max(seq) as seq from outbox');
    this.seenSeq = Number(last?.seq ?? 0);
    em.persist(
      em.create(KnownPractice, {
        id: practiceId,
        practiceId,
        version: 1,
        bookingNumberPrefix: 'CG',
        timeZone: 'America/New_York',
        active: true,
      }),
    );
    em.persist(
      em.create(KnownProvider, {
        id: this.providerId,
        practiceId,
        version: 1,
        account: people.provider,
        timeZone: 'America/New_York',
        settings,
        active: true,
      }),
    );
    em.persist(
      em.create(KnownAppointmentType, {
        id: this.typeId,
        practiceId,
        version: 1,
        name: 'First visit',
        durationMinutes: 45,
        bufferBeforeMinutes: null,
        bufferAfterMinutes: 15,
        priceAmountMinor: 12_000,
        priceCurrency: 'USD',
        paymentMode: 'HOLD',
        cancellationPolicy: null,
        providerIds: [this.providerId],
        allowOnlineBooking: true,
        active: true,
      }),
    );
    await em.flush();
  }
}
