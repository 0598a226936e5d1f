// What booking tells scheduling: which time is occupied, and by whom.
import { z } from 'zod';
import { defineEvent, type EventDataOf } from './event.js';
import { id, instant, version } from './fields.js';

export const claimsChanged = defineEvent(
  'booking.claims-changed.v1',
  z.object({
    ownerId: id.describe('The hold or the appointment that occupies the time.'),
    ownerKind: z.enum(['HOLD', 'APPOINTMENT']),
    practiceId: id,
    version,
    claims: z
      .array(z.object({ subjectId: id.describe('A provider or a resource.'), start: instant, end: instant }))
      .describe('All that the owner occupies, buffers included; empty: all is free again.'),
    expiresAt: instant.nullable().describe('A hold counts until then, also when nobody says so.'),
  }),
  {
    noun: 'claim',
    key: 'ownerId',
    description: 'What one hold or appointment occupies, whole.',
    example: {
      ownerId: '5f0c2b0a-5c0b-4b63-8f1e-3f1f8f0f0a01',
      ownerKind: 'APPOINTMENT',
      practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
      version: 1,
      claims: [
        {
          subjectId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03',
          start: '2026-12-01T15:00:00.000Z',
          end: '2026-12-01T16:00:00.000Z',
        },
      ],
      expiresAt: null,
    },
  },
);

export type ClaimsChanged = EventDataOf<typeof claimsChanged>;
