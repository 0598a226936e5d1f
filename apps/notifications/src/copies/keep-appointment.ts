// The copy of an appointment, and who may see what is sent about it.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AppointmentState } from '@caregraph/contracts';
import { keep } from './keep.js';
import { AppointmentAccess, KnownAppointment, KnownPatient } from './known.js';

/** Undefined when something newer is known. */
export async function keepAppointment(
  em: EntityManager,
  state: AppointmentState & { readonly refundBasisPoints?: number },
): Promise<KnownAppointment | undefined> {
  const known = await em.findOne(KnownAppointment, { id: state.appointmentId });
  const kept = await keep(em, KnownAppointment, {
    ...plainly(state),
    // Only the event that ends it says what goes back; later ones leave it as it is.
    refundBasisPoints: state.refundBasisPoints ?? known?.refundBasisPoints ?? null,
    remindersFor: known?.remindersFor ?? null,
  });
  // Said again in the same version, it still mends an access row that was lost.
  if (kept || known?.version === state.version) await keepAccess(em, state);
  return kept;
}

/** What the event says, and nothing of what was known before. */
const plainly = (state: AppointmentState) => ({
  id: state.appointmentId,
  practiceId: state.practiceId,
  version: state.version,
  bookingNumber: state.bookingNumber,
  status: state.status,
  mode: state.mode,
  providerId: state.providerId,
  patientId: state.patientId,
  locationId: state.locationId,
  start: new Date(state.start),
  end: new Date(state.end),
  nothingDue: state.paymentMode === 'AT_VISIT' || state.price.amountMinor === 0,
  confirmationDeadlineAt: state.confirmationDeadlineAt ? new Date(state.confirmationDeadlineAt) : null,
});

async function keepAccess(em: EntityManager, state: AppointmentState): Promise<void> {
  const { appointmentId: id, practiceId, providerId, patientId } = state;
  const patient = await em.findOne(KnownPatient, { id: patientId });
  const access = {
    id,
    practiceId,
    providerId,
    providerAccount: state.providerAccount,
    patientId,
    // An older event of an erased patient's brings nobody back.
    accounts: patient?.contact === null ? [] : state.accounts,
  };
  const current = await em.findOne(AppointmentAccess, { id });
  if (current) em.assign(current, access);
  else em.persist(em.create(AppointmentAccess, access));
}

/**
 * One at a time per appointment: its booking and its payment events come on two topics at once, and whichever commits
 * last must see what the other left. Ends with the transaction.
 */
export async function lockAppointment(em: EntityManager, appointmentId: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [appointmentId]);
}
