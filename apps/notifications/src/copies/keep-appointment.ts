// The copy of an appointment, and who may see what is sent about it.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AppointmentState } from '@caregraph/contracts';
import { keep } from './keep.js';
import { AppointmentAccess, KnownAppointment } from './known.js';

/** Undefined when something newer is known. */
export async function keepAppointment(
  em: EntityManager,
  state: AppointmentState & { readonly refundBasisPoints?: number },
): Promise<KnownAppointment | undefined> {
  const { appointmentId: id, practiceId, providerId, patientId } = state;
  const known = await em.findOne(KnownAppointment, { id });
  const kept = await keep(em, KnownAppointment, {
    id,
    practiceId,
    version: state.version,
    bookingNumber: state.bookingNumber,
    status: state.status,
    mode: state.mode,
    providerId,
    patientId,
    locationId: state.locationId,
    start: new Date(state.start),
    end: new Date(state.end),
    nothingDue: state.paymentMode === 'AT_VISIT' || state.price.amountMinor === 0,
    confirmationDeadlineAt: state.confirmationDeadlineAt ? new Date(state.confirmationDeadlineAt) : null,
    // Only the event that ends it says what goes back; later ones leave it as it is.
    refundBasisPoints: state.refundBasisPoints ?? known?.refundBasisPoints ?? null,
    remindersFor: known?.remindersFor ?? null,
  });
  if (!kept) return undefined;
  const access = {
    id,
    practiceId,
    providerId,
    providerAccount: state.providerAccount,
    patientId,
    accounts: state.accounts,
  };
  const current = await em.findOne(AppointmentAccess, { id });
  if (current) em.assign(current, access);
  else em.persist(em.create(AppointmentAccess, access));
  return kept;
}

/**
 * One at a time per appointment: its booking and its payment events come on two topics at once, and whichever commits
 * last must see what the other left. Ends with the transaction.
 */
export async function lockAppointment(em: EntityManager, appointmentId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [appointmentId]);
}
