import { randomUUID } from 'node:crypto';
import { appointmentConfirmed, appointmentUpdated, type AppointmentState } from '@caregraph/contracts';
import { CalendarEvent } from '../calendar-event/calendar-event.js';
import { CalendarBed, type Story } from '../spec-bed.js';
import { CalendarConnection } from './calendar-connection.js';
import { disconnectCalendar } from './disconnect-calendar.js';
import type { ConnectionState } from './lifecycle.js';

const mutation = `mutation ($input: DisconnectCalendarInput!) {
  disconnectCalendar(input: $input) {
    __typename
    ... on CalendarConnection { id state lastSyncedAt version }
    ... on DomainError { code message }
  }
}`;

describe('disconnecting a calendar', () => {
  let bed: CalendarBed;
  beforeAll(async () => {
    bed = await CalendarBed.open();
  });
  afterAll(() => bed.close());

  const connected = async (state: ConnectionState = 'CONNECTED'): Promise<Story> => {
    const story = await bed.story();
    await bed.connect(story.provider.providerId, state, bed.now);
    return story;
  };
  const give = async (story: Story, account: string | null, idempotencyKey?: string): Promise<unknown> => {
    const input = { providerId: story.provider.providerId, idempotencyKey };
    return (await bed.answer(bed.as(account), mutation, { input })).disconnectCalendar;
  };
  const stateOf = async ({ provider }: Story): Promise<string | undefined> =>
    (await bed.em().findOne(CalendarConnection, { id: provider.providerId }))?.state;
  const kept = ({ appointmentId: id }: AppointmentState): Promise<CalendarEvent | null> =>
    bed.em().findOne(CalendarEvent, { id });

  it.each(['CONNECTED', 'STALE', 'RECONNECT_NEEDED'] as const)(
    'leads from %s to not connected, and the others are told',
    async (state) => {
      const story = await connected(state);
      const { providerId } = story.provider;
      expect(await give(story, story.provider.account)).toEqual({
        __typename: 'CalendarConnection',
        id: providerId,
        state: 'NOT_CONNECTED',
        lastSyncedAt: null,
        version: 2,
      });
      const [, told] = await bed.published(providerId);
      expect(told).toMatchObject({ data: { state: 'NOT_CONNECTED', version: 2, providerId } });
    },
  );

  it('is refused where nothing is connected, and nothing changes', async () => {
    const story = await bed.story();
    expect(await give(story, story.provider.account)).toMatchObject({
      __typename: 'CalendarNotConnected',
      code: 'CALENDAR_NOT_CONNECTED',
    });
    expect(await bed.published(story.provider.providerId)).toHaveLength(1);
  });

  it('is for the provider and the practice; to others the connection reads as absent', async () => {
    const story = await connected();
    for (const account of [null, 'stranger', story.appointment.accounts[0] ?? null]) {
      expect(await give(story, account)).toMatchObject({ code: 'CALENDAR_CONNECTION_NOT_FOUND' });
    }
    const { practiceId, providerId } = story.provider;
    const foreign = bed.as('desk', { practiceId: randomUUID(), role: 'admin' });
    expect(await disconnectCalendar(foreign, { providerId })).toMatchObject({
      code: 'CALENDAR_CONNECTION_NOT_FOUND',
    });
    expect(await stateOf(story)).toBe('CONNECTED');
    const desk = bed.as('desk', { practiceId, role: 'staff' });
    expect(await disconnectCalendar(desk, { providerId })).toMatchObject({ state: 'NOT_CONNECTED' });
  });

  it('is refused for a provider that does not exist, and for what is no id', async () => {
    const support = bed.as('support', { practiceId: null, role: 'support' });
    expect(await disconnectCalendar(support, { providerId: randomUUID() })).toMatchObject({
      code: 'CALENDAR_CONNECTION_NOT_FOUND',
    });
    expect(() => disconnectCalendar(support, { providerId: 'no-id' })).toThrow('providerId: must be a UUID');
  });

  it('happens once for one idempotency key', async () => {
    const story = await connected();
    const { account, providerId } = story.provider;
    const first = await give(story, account, 'key-1');
    expect(await give(story, account, 'key-1')).toEqual(first);
    expect(await bed.published(providerId)).toHaveLength(2);
  });

  it('leaves nothing pending and holds nothing to come for synced', async () => {
    const story = await connected();
    const put = async (state: string, operation: string | null, end: Date): Promise<AppointmentState> => {
      const appointment = { ...story.appointment, appointmentId: randomUUID() };
      await bed.hear(appointmentConfirmed, appointment);
      await bed
        .em()
        .execute(
          'update calendar_event set state = ?, operation = ?, start_at = ?, end_at = ? where id = ?',
          [state, operation, new Date(end.getTime() - 60_000), end, appointment.appointmentId],
        );
      return appointment;
    };
    const over = new Date(bed.now.getTime() - 3_600_000);
    const coming = new Date(bed.now.getTime() + 3_600_000);
    const pending = await put('PENDING', 'DELETE', over);
    const failed = await put('FAILED', 'CREATE', coming);
    const synced = await put('SYNCED', null, coming);
    const done = await put('SYNCED', null, over);
    await give(story, story.provider.account);
    for (const each of [pending, failed, synced]) {
      expect(await kept(each)).toMatchObject({ state: 'NOT_APPLICABLE', operation: null, version: 2 });
    }
    expect(await kept(done)).toMatchObject({ state: 'SYNCED', version: 1 });
    await bed.hear(appointmentUpdated, { ...synced, version: 9, start: '2026-12-01T14:00:00.000Z' });
    expect(await kept(synced)).toMatchObject({ state: 'NOT_APPLICABLE', operation: null });
  });

  it('that races a confirmation leaves nothing pending either', async () => {
    const story = await connected();
    const { providerId, account } = story.provider;
    let confirmed = false;
    let confirming: Promise<void> = Promise.resolve();
    await bed.em().transactional(async (em) => {
      await disconnectCalendar({ ...bed.as(account), em }, { providerId });
      await em.flush();
      confirming = bed.hear(appointmentConfirmed, story.appointment).finally(() => (confirmed = true));
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while (!confirmed && (await bed.em().execute<unknown[]>(waiting)).length === 0);
    });
    await confirming;
    expect(await kept(story.appointment)).toMatchObject({ state: 'NOT_APPLICABLE', operation: null });
  });
});
