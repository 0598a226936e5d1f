// The whole lifecycle of a calendar connection, as a table. The README's diagram is printed from it.
import type { connectionStates } from '@caregraph/contracts';

export type ConnectionState = (typeof connectionStates)[number];

interface Transition {
  readonly from: readonly ConnectionState[];
  readonly to: ConnectionState;
}

const connected = ['CONNECTED', 'STALE', 'RECONNECT_NEEDED'] as const;

/**
 * A verb that is not listed for a state is refused. `connect`, `refresh` and `demandReconnect` answer to what an outside
 * calendar says: until one is built in, no connection leaves NOT_CONNECTED.
 */
export const lifecycle = {
  connect: { from: ['NOT_CONNECTED', 'RECONNECT_NEEDED'], to: 'CONNECTED' },
  refresh: { from: ['STALE'], to: 'CONNECTED' },
  goStale: { from: ['CONNECTED'], to: 'STALE' },
  demandReconnect: { from: ['CONNECTED', 'STALE'], to: 'RECONNECT_NEEDED' },
  disconnect: { from: connected, to: 'NOT_CONNECTED' },
} as const satisfies Record<string, Transition>;

export type Verb = keyof typeof lifecycle;

export const may = (verb: Verb, state: ConnectionState): boolean =>
  (lifecycle[verb].from as readonly ConnectionState[]).includes(state);

/** The table as a Mermaid diagram, as the README shows it. */
export function lifecycleDiagram(): string {
  const arrows = Object.entries(lifecycle).flatMap(([verb, { from, to }]) =>
    from.map((state) => `  ${state} --> ${to}: ${verb}`),
  );
  return ['stateDiagram-v2', '  [*] --> NOT_CONNECTED', ...arrows].join('\n');
}
