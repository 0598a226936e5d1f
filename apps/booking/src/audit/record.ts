// Audit entry and outbox row, always together (I7): the only way in which a change of an appointment leaves its verb.
import { randomUUID } from 'node:crypto';
import type { AppointmentState, AppointmentStatus, DomainEvent } from '@caregraph/contracts';
import { publish } from '@caregraph/messaging';
import { planted } from '@caregraph/runtime';
import { type Appointment } from '../appointment/appointment.js';
import type { Deps } from '../deps.js';
import { AuditEntry, type AuditType } from './audit-entry.js';

/** An event of an appointment, which carries its whole state. */
export type AppointmentEvent = DomainEvent<string, AppointmentState>;

interface Details {
  /** Overrides the word that the event's type stands for. */
  readonly type?: AuditType;
  readonly previousStatus?: AppointmentStatus;
  /** Ids and amounts, never reasons, notes or contact details. */
  readonly data?: Record<string, unknown>;
}

type Recording = Pick<Deps, 'em' | 'viewer' | 'now'>;

/** Writes both in the current transaction. */
export function record(
  deps: Recording,
  appointment: Appointment,
  event: AppointmentEvent,
  details: Details = {},
): void {
  if (!planted('audit-skipped'))
    appendAudit(deps, appointment, event.data, { type: auditTypeOf(event), ...details });
  publish(deps.em, event, deps.now);
}

/** An entry alone, where one event stands for two steps: SLOT_RESERVED and what follows it (Y-30). */
export function appendAudit(
  { em, viewer, now }: Recording,
  appointment: Appointment,
  state: AppointmentState,
  details: Details & { readonly type: AuditType },
): void {
  const before = em.getUnitOfWork().getOriginalEntityData(appointment) as
    { status?: AppointmentStatus } | undefined;
  em.persist(
    em.create(AuditEntry, {
      id: randomUUID(),
      practiceId: appointment.practiceId,
      appointmentId: appointment.id,
      type: details.type,
      previousStatus: details.previousStatus ?? before?.status ?? null,
      newStatus: state.status,
      version: state.version,
      data: details.data ?? {},
      actorType: state.actor.type,
      actorSub: state.actor.sub,
      requestId: viewer.requestId,
      ipAddress: viewer.ip,
      userAgent: viewer.userAgent,
      source: state.actor.type === 'system' ? 'cron' : 'api',
      at: now,
    }),
  );
}

const words: Readonly<Record<string, AuditType>> = {
  'booking.appointment-requested.v1': 'created',
  'booking.appointment-payment-requested.v1': 'payment_initiated',
  'booking.appointment-verification-requested.v1': 'verification_requested',
  'booking.appointment-expiry-neared.v1': 'expiry_neared',
  'booking.appointment-confirmed.v1': 'confirmed',
  'booking.appointment-declined.v1': 'declined',
  'booking.appointment-expired.v1': 'expired',
  'booking.appointment-cancelled.v1': 'cancelled',
  'booking.appointment-payment-failed.v1': 'payment_failed',
  'booking.appointment-rescheduled.v1': 'rescheduled',
};

const auditTypeOf = (event: AppointmentEvent): AuditType => words[event.type] ?? 'status_changed';
