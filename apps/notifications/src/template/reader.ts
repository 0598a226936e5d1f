// Who reads a message: his name, address, language and zone, out of the sealed copies.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Sealer } from '@caregraph/runtime';
import { KnownPatient, KnownProvider, type KnownAppointment } from '../copies/known.js';
import type { Recipient } from '../notification/messages.policy.js';

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

/** Providers' languages are not known to scheduling yet. */
const providerLanguage = 'en-US';

/** Null: nothing has been heard of him yet. */
export function readerOf(
  deps: { readonly em: EntityManager; readonly sealer: Sealer },
  appointment: KnownAppointment,
  recipient: Recipient,
): Promise<Reader | null> {
  return recipient === 'PATIENT' ? patientOf(deps, appointment) : providerOf(deps, appointment);
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
  const contact = JSON.parse(sealer.open(patient.contact, `patient:${patientId}:contact`)) as Contact;
  const fullName = `${contact.firstName} ${contact.lastName}`;
  return { name: contact.firstName, fullName, address: contact.email, language, timeZone };
}

async function providerOf({ em, sealer }: From, { providerId }: KnownAppointment): Promise<Reader | null> {
  const provider = await em.findOne(KnownProvider, { id: providerId });
  if (!provider) return null;
  const { name, timeZone } = provider;
  const address = provider.email ? sealer.open(provider.email, `provider:${providerId}:email`) : null;
  return { name, fullName: name, address, language: providerLanguage, timeZone };
}
