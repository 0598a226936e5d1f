// The whole lifecycle of a calendar event, as a table. The README's diagram is printed from it.
import type { calendarEventStates } from '@caregraph/contracts';

export type CalendarEventState = (typeof calendarEventStates)[number];
export const calendarOperations = ['CREATE', 'UPDATE', 'DELETE'] as const;
export type CalendarOperation = (typeof calendarOperations)[number];

interface Place {
  readonly state: CalendarEventState;
  /** What is still to be done in the outside calendar; null: nothing. */
  readonly operation: CalendarOperation | null;
}

/** Every pair of state and pending operation that there is (Y-12). */
export const phases = {
  NOT_APPLICABLE: { state: 'NOT_APPLICABLE', operation: null },
  PENDING_CREATE: { state: 'PENDING', operation: 'CREATE' },
  PENDING_UPDATE: { state: 'PENDING', operation: 'UPDATE' },
  PENDING_DELETE: { state: 'PENDING', operation: 'DELETE' },
  SYNCED: { state: 'SYNCED', operation: null },
  FAILED_CREATE: { state: 'FAILED', operation: 'CREATE' },
  FAILED_UPDATE: { state: 'FAILED', operation: 'UPDATE' },
  FAILED_DELETE: { state: 'FAILED', operation: 'DELETE' },
} as const satisfies Record<string, Place>;
export type Phase = keyof typeof phases;

interface Transition {
  readonly from: readonly Phase[];
  readonly to: Phase;
}

/**
 * A verb that is not listed for a phase changes nothing. The verbs from `succeed` on answer to what an outside calendar
 * says: until one is built in, no operation that is pending ends.
 */
export const lifecycle = {
  require: { from: ['NOT_APPLICABLE'], to: 'PENDING_CREATE' },
  // What is still to be created, or failed, needs no update: it is done with the time of then.
  update: { from: ['SYNCED'], to: 'PENDING_UPDATE' },
  // Also where it was never seen to be created: a creation whose answer was lost may have worked all the same.
  remove: {
    from: ['PENDING_CREATE', 'PENDING_UPDATE', 'SYNCED', 'FAILED_CREATE', 'FAILED_UPDATE'],
    to: 'PENDING_DELETE',
  },
  abandon: {
    from: [
      'PENDING_CREATE',
      'PENDING_UPDATE',
      'PENDING_DELETE',
      'SYNCED',
      'FAILED_CREATE',
      'FAILED_UPDATE',
      'FAILED_DELETE',
    ],
    to: 'NOT_APPLICABLE',
  },
  succeed: { from: ['PENDING_CREATE', 'PENDING_UPDATE', 'FAILED_CREATE', 'FAILED_UPDATE'], to: 'SYNCED' },
  succeedDelete: { from: ['PENDING_DELETE', 'FAILED_DELETE'], to: 'NOT_APPLICABLE' },
  failCreate: { from: ['PENDING_CREATE'], to: 'FAILED_CREATE' },
  failUpdate: { from: ['PENDING_UPDATE'], to: 'FAILED_UPDATE' },
  failDelete: { from: ['PENDING_DELETE'], to: 'FAILED_DELETE' },
} as const satisfies Record<string, Transition>;

export type Verb = keyof typeof lifecycle;

export const may = (verb: Verb, { state, operation }: Place): boolean =>
  lifecycle[verb].from.some(
    (phase) => phases[phase].state === state && phases[phase].operation === operation,
  );

/** The table as a Mermaid diagram, as the README shows it. */
export function lifecycleDiagram(): string {
  const arrows = Object.entries(lifecycle).flatMap(([verb, { from, to }]) =>
    from.map((phase) => `  ${phase} --> ${to}: ${verb}`),
  );
  return ['stateDiagram-v2', '  [*] --> NOT_APPLICABLE', ...arrows].join('\n');
}
