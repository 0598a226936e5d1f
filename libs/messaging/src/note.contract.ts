// The event that the specs of this library send around.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineEvent, envelope, type EventDataOf, type EventEnvelope } from '@caregraph/contracts';

export const noteWritten = defineEvent(
  'contract.note-written.v1',
  z.object({ noteId: z.string(), number: z.number() }),
  { noun: 'note', key: 'noteId', description: 'Only for specs.', example: { noteId: 'a', number: 1 } },
);

export type NoteWritten = EventDataOf<typeof noteWritten>;

/** A note in its envelope, as it lies in the log. */
export const noted = (data: NoteWritten): EventEnvelope =>
  envelope(noteWritten.of(data), { id: randomUUID(), source: 'contract', time: new Date(0) });
