// Reads the evidence when all is quiet: each app's database as its owner, and the sandbox's books over HTTP.
import pg from 'pg';
import type { World } from '../demo/world.js';
import type { Evidence, Mail, PaymentIntent, ProcessorRefund } from './evidence.js';
import type { Unrest } from './quiet.js';

interface Ledger {
  readonly paymentIntents: readonly PaymentIntent[];
  readonly refunds: readonly ProcessorRefund[];
  readonly mails: readonly Mail[];
}

export async function gather(world: World, unrest: Unrest): Promise<Evidence> {
  const { databases } = world.read();
  const ledger = await world.sandbox<Ledger>('GET', '/_sandbox/ledger');
  const leftUndone = Object.entries(unrest).map(([what, count]) => `${count} ${what}`);
  for (const [name, { ownerUrl }] of Object.entries(databases)) {
    if (name !== 'event_log') leftUndone.push(...(await undoneIn(name, ownerUrl)));
  }
  return {
    now: await world.now(),
    ...(await read(databases.booking?.ownerUrl, ofBooking)),
    ...(await read(databases.payments?.ownerUrl, ofPayments)),
    ...(await read(databases.notifications?.ownerUrl, ofNotifications)),
    ...(await calendarsOf(databases.calendar_sync?.ownerUrl)),
    paymentIntents: ledger.paymentIntents,
    processorRefunds: ledger.refunds,
    mails: ledger.mails,
    leftUndone,
  };
}

async function calendarsOf(url: string | undefined): Promise<Pick<Evidence, 'calendarEvents' | 'connected'>> {
  const { calendarEvents, connections } = await rowsOf(url, ofCalendars);
  return {
    calendarEvents: calendarEvents as Evidence['calendarEvents'],
    connected: (connections as { id: string }[]).map(({ id }) => id),
  };
}

/** The columns of each statement are named as the fields of the evidence are. */
const read = <Name extends keyof Evidence>(
  url: string | undefined,
  queries: Readonly<Record<Name, string>>,
): Promise<Pick<Evidence, Name>> => rowsOf(url, queries) as unknown as Promise<Pick<Evidence, Name>>;

async function rowsOf<Name extends string>(
  url: string | undefined,
  queries: Readonly<Record<Name, string>>,
): Promise<Record<Name, object[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const rows = {} as Record<Name, object[]>;
    for (const [name, sql] of Object.entries<string>(queries))
      rows[name as Name] = (await client.query<object>(sql)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

async function undoneIn(name: string, url: string): Promise<string[]> {
  const { keepsJobs } = await rowsOf(url, {
    keepsJobs: `select 1 where to_regclass('jobs.job_common') is not null`,
  });
  const { dead, failed } = await rowsOf(url, {
    dead: `select type, reason, attempts from dead_letter where status in ('PARKED', 'WAITING')`,
    failed: keepsJobs.length > 0 ? failedJobs : 'select 1 where false',
  });
  const told = (what: string, rows: object[] = []): string[] =>
    rows.map((row) => `${name}: ${what} ${JSON.stringify(row).slice(0, 300)}`);
  return [...told('an event is parked:', dead), ...told('a job failed for good:', failed)];
}

const failedJobs = `select name, output::text as output from jobs.job_common
    where state = 'failed' and name <> 'dead-jobs'`;

const ofBooking = {
  appointments: `select id, practice_id as "practiceId", status, version, mode, provider_id as "providerId",
      patient_id as "patientId", resource_ids as "resourceIds", start_at as start, end_at as "end",
      buffer_before_minutes as "bufferBeforeMinutes", buffer_after_minutes as "bufferAfterMinutes",
      price_amount_minor as "priceAmountMinor", payment_due_at as "paymentDueAt",
      refund_basis_points as "refundBasisPoints",
      (payment_mode = 'AT_VISIT' or price_amount_minor = 0) as "nothingDue" from appointment`,
  claims: `select owner_id as "ownerId", kind, subject_id as "subjectId", lower(during) as "from", upper(during) as "to"
      from claim`,
  holds: `select id, provider_id as "providerId", resource_ids as "resourceIds", start_at as start, end_at as "end", status, expires_at as "expiresAt", ended_at as "endedAt", appointment_id as "appointmentId"
      from slot_hold`,
  audit: `select appointment_id as "appointmentId", seq::int as seq, type, previous_status as "previousStatus",
      new_status as "newStatus", version, data, at from audit_entry`,
  events: `select id, payload->'data'->>'appointmentId' as "appointmentId", type,
      (payload->'data'->>'version')::int as version, (payload->'data'->>'start')::timestamptz as start,
      payload->'data'->>'status' as status
      from outbox where aggregatetype = 'booking.appointment'`,
};

const ofPayments = {
  payments: `select id, appointment_id as "appointmentId", status, amount_minor as "amountMinor", currency,
      captured_amount_minor as "capturedAmountMinor", refunded_amount_minor as "refundedAmountMinor",
      refund_pending_minor as "refundPendingMinor" from payment`,
  refunds: `select id, payment_id as "paymentId", cause, amount_minor as "amountMinor", status from refund`,
};

const ofNotifications = {
  notifications: `select id, appointment_id as "appointmentId", cause, occurrence, channel, recipient, status
      from notification`,
};

const ofCalendars = {
  calendarEvents: `select id as "appointmentId", provider_id as "providerId", state from calendar_event`,
  connections: `select id from calendar_connection where state <> 'NOT_CONNECTED'`,
};
