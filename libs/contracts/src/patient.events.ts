// What booking tells the others of patients; contact details only sealed.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { id, instant, sealed, timeZone, version } from './fields.js';

export const patientChanged = defineEvent(
  'booking.patient-changed.v1',
  z.object({
    patientId: id,
    practiceId: id,
    version,
    accounts: z.array(z.string()),
    timeZone,
    language: z.string().min(2).max(35).describe('BCP 47, for example en-US.'),
    contact: sealed.nullable().describe('JSON {firstName, lastName, email, mobile}; null once erased.'),
    textConsent: z
      .boolean()
      .describe('Consent given to texts; whether one may be sent is for notifications to say.'),
    erased: z.boolean().describe('True: every copy must be wiped.'),
  }),
  {
    noun: 'patient',
    key: 'patientId',
    description: 'A patient was registered, changed or erased.',
    example: {
      patientId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a02',
      practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
      version: 1,
      accounts: ['demo|pat-lee'],
      timeZone: 'America/New_York',
      language: 'en-US',
      contact: 'sealed.v1.2026a.AAAA.AAAA',
      textConsent: true,
      erased: false,
    },
  },
);

export const patientErased = defineEvent(
  'booking.patient-erased.v1',
  z.object({ patientId: id, practiceId: id, version, erasedAt: instant }),
  {
    noun: 'patient',
    key: 'patientId',
    description:
      'A patient was erased: every copy removes his contact, his logins and his address, and keeps only that he is erased. No older event brings him back.',
    example: {
      patientId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a02',
      practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
      version: 2,
      erasedAt: '2026-11-21T12:00:00.000Z',
    },
  },
);

export type PatientChanged = EventDataOf<typeof patientChanged>;
export type PatientErased = EventDataOf<typeof patientErased>;
