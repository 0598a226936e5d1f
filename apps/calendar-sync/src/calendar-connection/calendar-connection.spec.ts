import { connectionStates } from '@caregraph/contracts';
import { CalendarConnection, CalendarNotConnected } from './calendar-connection.js';
import { lifecycle, may, type ConnectionState, type Verb } from './lifecycle.js';

const before = new Date('2026-11-21T11:00:00.000Z');
const now = new Date('2026-11-21T12:00:00.000Z');

/** Written by hand, so that a change of the table is a change here too. A verb leads there, or is refused (-). */
const expected: Record<ConnectionState, Record<Verb, ConnectionState | '-'>> = {
  NOT_CONNECTED: {
    connect: 'CONNECTED',
    refresh: '-',
    goStale: '-',
    demandReconnect: '-',
    disconnect: '-',
  },
  CONNECTED: {
    connect: '-',
    refresh: '-',
    goStale: 'STALE',
    demandReconnect: 'RECONNECT_NEEDED',
    disconnect: 'NOT_CONNECTED',
  },
  STALE: {
    connect: '-',
    refresh: 'CONNECTED',
    goStale: '-',
    demandReconnect: 'RECONNECT_NEEDED',
    disconnect: 'NOT_CONNECTED',
  },
  RECONNECT_NEEDED: {
    connect: 'CONNECTED',
    refresh: '-',
    goStale: '-',
    demandReconnect: '-',
    disconnect: 'NOT_CONNECTED',
  },
};

const connectionIn = (state: ConnectionState, lastSyncedAt: Date | null = null): CalendarConnection => {
  const provider = {
    providerId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a03',
    practiceId: '0b7a9d7e-6d0e-4f43-9c35-0d6f6a4b1a01',
  };
  return Object.assign(CalendarConnection.of(provider, before), { state, lastSyncedAt });
};

describe('a calendar connection', () => {
  it('moves as the table says, from each state by each verb', () => {
    const verbs = Object.keys(lifecycle) as Verb[];
    for (const state of connectionStates) {
      const moves = verbs.map((verb) => [verb, may(verb, state) ? lifecycle[verb].to : '-']);
      expect(Object.fromEntries(moves)).toEqual(expected[state]);
    }
  });

  it('starts not connected, and says so', () => {
    const connection = connectionIn('NOT_CONNECTED');
    expect(connection.changed()).toMatchObject({
      type: 'calendar-sync.connection-changed.v1',
      key: connection.id,
      data: { state: 'NOT_CONNECTED', version: 1, changedAt: before.toISOString() },
    });
  });

  it.each(['CONNECTED', 'STALE', 'RECONNECT_NEEDED'] as const)(
    'is given up from %s, and forgets when it was read',
    (state) => {
      const connection = connectionIn(state, before);
      expect(connection.disconnect(now)).toMatchObject({ data: { state: 'NOT_CONNECTED', version: 2 } });
      expect(connection).toMatchObject({ state: 'NOT_CONNECTED', lastSyncedAt: null, updatedAt: now });
    },
  );

  it('is not given up twice', () => {
    const connection = connectionIn('NOT_CONNECTED');
    expect(connection.disconnect(now)).toBeInstanceOf(CalendarNotConnected);
    expect(connection).toMatchObject({ state: 'NOT_CONNECTED', version: 1, updatedAt: before });
  });

  it.each([
    ['was never read', 'CONNECTED', null, 'STALE'],
    ['was read an hour ago', 'CONNECTED', before, 'STALE'],
    ['was read just now', 'CONNECTED', now, 'CONNECTED'],
    ['is stale already', 'STALE', null, 'STALE'],
    ['asks for a login', 'RECONNECT_NEEDED', null, 'RECONNECT_NEEDED'],
    ['is not connected', 'NOT_CONNECTED', null, 'NOT_CONNECTED'],
  ] as const)('that %s is %s and, looked at, becomes what it must', (_case, state, lastSyncedAt, to) => {
    const connection = connectionIn(state, lastSyncedAt);
    const outcome = connection.goStale(now);
    expect(connection.state).toBe(to);
    expect(outcome?.data.state).toBe(state === to ? undefined : to);
    expect(connection.version).toBe(state === to ? 1 : 2);
  });

  it('never passes what it does not know for free', () => {
    expect(connectionStates.map((state) => connectionIn(state, now).doubt)).toEqual([
      'NOT_CONNECTED',
      'STALE',
      'STALE',
      'RECONNECT_NEEDED',
    ]);
  });
});
