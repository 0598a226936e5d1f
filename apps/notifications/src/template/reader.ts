// Who reads a message: his name, address, language and zone, out of the sealed copies.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Sealer } from '@caregraph/runtime';
import { KnownPatient, KnownPractice, KnownProvider, type KnownAppointment } from '../copies/known.js';
import type { Recipient } from '../notification/messages.policy.js';
import { contactContext, emailContext, practiceEmailContext } from '../sealed.js';

export interface Reader {
  /** What he is called in the message. */
  readonly name: string;
  readonly fullName: string;
  /** Null: there is none, or he was erased. */
  readonly address: string | null;
  readonly language: string;
  readonly timeZone: string;
}

interface Contact {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/** Languages of providers and desks are not known to scheduling yet. */
const practiceLanguage = 'en-US';

/** Null: nothing has been heard of him yet. */
export function readerOf(
  deps: { readonly em: EntityManager; readonly sealer: Sealer },
  appointment: KnownAppointment,
  recipient: Recipient,
): Promise<Reader | null> {
  switch (recipient) {
    case 'PATIENT':
      return patientOf(deps, appointment);
    case 'PROVIDER':
      return providerOf(deps, appointment);
    case 'STAFF':
      return deskOf(deps, appointment);
  }
}

interface From {
  readonly em: EntityManager;
  readonly sealer: Sealer;
}

async function patientOf({ em, sealer }: From, { patientId }: KnownAppointment): Promise<Reader | null> {
  const patient = await em.findOne(KnownPatient, { id: patientId });
  if (!patient) return null;
  const { language, timeZone } = patient;
  if (!patient.contact) return { name: '', fullName: '', address: null, language, timeZone };
  const contact = JSON.parse(sealer.open(patient.contact, contactContext(patientId))) as Contact;
  const fullName = `${contact.firstName} ${contact.lastName}`;
  return { name: contact.firstName, fullName, address: contact.email, language, timeZone };
}

async function providerOf({ em, sealer }: From, { providerId }: KnownAppointment): Promise<Reader | null> {
  const provider = await em.findOne(KnownProvider, { id: providerId });
  if (!provider) return null;
  const { name, timeZone } = provider;
  const address = provider.email ? sealer.open(provider.email, emailContext(providerId)) : null;
  return { name, fullName: name, address, language: practiceLanguage, timeZone };
}

/** The desk reads the appointment's time in the practice's zone, which every practice has told since it has an address. */
async function deskOf({ em, sealer }: From, { practiceId }: KnownAppointment): Promise<Reader | null> {
  const practice = await em.findOne(KnownPractice, { id: practiceId });
  if (!practice) return null;
  const { name, email } = practice;
  const address = email ? sealer.open(email, practiceEmailContext(practiceId)) : null;
  return { name, fullName: name, address, language: practiceLanguage, timeZone: practice.timeZone ?? 'UTC' };
}
