// Writes one mail. It names practice, provider, time, place and booking number; never what the visit is for, and
// never the patient to anybody but himself.
import type { EntityManager } from '@mikro-orm/postgresql';
import { KnownLocation, KnownPractice, KnownProvider, type KnownAppointment } from '../copies/known.js';
import type { Notification } from '../notification/notification.js';
import type { Mail } from '../sendgrid/sendgrid.js';
import type { Reader } from './reader.js';
import type { Templates } from './templates.js';
import { oneLine, refundWords, when } from './wording.policy.js';

export interface MailWriter {
  readonly templates: Templates;
  /** The web app, to which messages link; without a slash at its end. */
  readonly publicWebUrl: string;
}

/** Null: a name that the message needs has not been heard of yet. */
export async function writeMail(
  { templates, publicWebUrl }: MailWriter,
  { em, now }: { readonly em: EntityManager; readonly now: Date },
  about: {
    readonly notification: Notification;
    readonly appointment: KnownAppointment;
    readonly reader: Reader;
  },
): Promise<Omit<Mail, 'to'> | null> {
  const { notification, appointment, reader } = about;
  const practice = await em.findOne(KnownPractice, { id: appointment.practiceId });
  const provider = await em.findOne(KnownProvider, { id: appointment.providerId });
  const location = await em.findOne(KnownLocation, { id: appointment.locationId });
  if (!practice || !provider || !location) return null;

  const { template, recipient } = notification;
  const { language, locale } = templates.languageFor(reader.language, template);
  const seen = { timeZone: reader.timeZone, locale, now };
  const deadline = appointment.confirmationDeadlineAt;
  const facts = {
    language,
    name: oneLine(reader.name),
    practice: oneLine(practice.name),
    provider: oneLine(provider.name),
    location: oneLine(location.name),
    address: location.address ? oneLine(location.address) : null,
    bookingNumber: appointment.bookingNumber,
    when: when(appointment.start, seen),
    answerBefore: deadline ? when(deadline, seen) : null,
    refund: refundWords(appointment.nothingDue, appointment.refundBasisPoints ?? null),
    nothingDue: appointment.nothingDue,
    byPatient: appointment.status === 'CANCELLED_PATIENT',
    link: `${publicWebUrl}/${recipient === 'PATIENT' ? 'appointments' : 'desk/appointments'}/${appointment.id}`,
    paymentLink: `${publicWebUrl}/appointments/${appointment.id}/payment`,
  };
  const { id: notificationId, appointmentId } = notification;
  return { ...templates.render(template, language, facts), notificationId, appointmentId };
}
