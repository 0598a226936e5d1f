import { randomUUID } from 'node:crypto';
import { appointmentVerificationRequested, providerChanged } from '@caregraph/contracts';
import type { Deps } from '../deps.js';
import { CalendarBed } from '../spec-bed.js';
import { CalendarConnection } from './calendar-connection.js';
import type { ConnectionState } from './lifecycle.js';

const changed = 'calendar-sync.connection-changed.v1';
const unverifiable = 'calendar-sync.appointment-time-unverifiable.v1';

describe("a provider's calendar connection", () => {
  let bed: CalendarBed;
  beforeAll(async () => {
    bed = await CalendarBed.open();
  });
  afterAll(() => bed.close());

  describe('begins', () => {
    it('not connected, when the provider is first heard of, and the others are told', async () => {
      const { provider } = await bed.story();
      const { providerId, practiceId } = provider;
      expect(await bed.em().findOne(CalendarConnection, { id: providerId })).toMatchObject({
        state: 'NOT_CONNECTED',
        version: 1,
        lastSyncedAt: null,
        practiceId,
      });
      const data = {
        providerId,
        practiceId,
        version: 1,
        state: 'NOT_CONNECTED',
        changedAt: bed.now.toISOString(),
      };
      expect(await bed.published(providerId)).toEqual([{ type: changed, data }]);
    });

    it('once, however often and in whatever order the provider is told of', async () => {
      const { provider } = await bed.story();
      await bed.connect(provider.providerId);
      await bed.hear(providerChanged, provider);
      await bed.hear(providerChanged, { ...provider, version: 3, account: 'new-login' });
      await bed.hear(providerChanged, { ...provider, version: 2, account: 'old-login' });
      const connection = await bed.em().findOne(CalendarConnection, { id: provider.providerId });
      expect(connection).toMatchObject({ state: 'CONNECTED', version: 1 });
      expect(await bed.published(provider.providerId)).toHaveLength(1);
      const query = `{ calendarConnection(providerId: "${provider.providerId}") { state } }`;
      expect(await bed.answer(bed.as('old-login'), query)).toEqual({ calendarConnection: null });
      expect(await bed.answer(bed.as('new-login'), query)).toEqual({
        calendarConnection: { state: 'CONNECTED' },
      });
    });
  });

  describe('asked whether a time is free', () => {
    const halfHourAgo = (): Date => new Date(bed.now.getTime() - 30 * 60_000);
    const asked = async (state: ConnectionState, lastSyncedAt: Date | null = null) => {
      const story = await bed.story();
      await bed.connect(story.provider.providerId, state, lastSyncedAt);
      const question = {
        ...story.appointment,
        status: 'PENDING_PAYMENT' as const,
        answerBy: story.appointment.start,
      };
      await bed.hear(appointmentVerificationRequested, question);
      return { ...story, question, stateAfter: (await stateOf(story.provider.providerId)) ?? 'none' };
    };
    const stateOf = async (id: string): Promise<ConnectionState | undefined> =>
      (await bed.em().findOne(CalendarConnection, { id }))?.state;

    it.each([
      ['NOT_CONNECTED', 'NOT_CONNECTED'],
      ['RECONNECT_NEEDED', 'RECONNECT_NEEDED'],
      ['STALE', 'STALE'],
    ] as const)('and %s, says so at once', async (state, reason) => {
      const { appointment, provider, stateAfter } = await asked(state);
      const { appointmentId, practiceId, providerId, version } = appointment;
      const data = {
        appointmentId,
        practiceId,
        providerId,
        version,
        checkedAt: bed.now.toISOString(),
        reason,
      };
      expect(await bed.published(appointmentId)).toEqual([{ type: unverifiable, data }]);
      expect(stateAfter).toBe(state);
      expect(await bed.published(provider.providerId)).toHaveLength(1);
    });

    it('and never read, goes stale, and the others are told', async () => {
      const { appointment, provider, stateAfter } = await asked('CONNECTED');
      expect(await bed.published(appointment.appointmentId)).toMatchObject([{ data: { reason: 'STALE' } }]);
      expect(stateAfter).toBe('STALE');
      const [, told] = await bed.published(provider.providerId);
      expect(told).toMatchObject({ type: changed, data: { state: 'STALE', version: 2 } });
    });

    it('and read half an hour ago, stays connected, yet vouches for no time that it does not know', async () => {
      const { appointment, stateAfter } = await asked('CONNECTED', halfHourAgo());
      expect(stateAfter).toBe('CONNECTED');
      expect(await bed.published(appointment.appointmentId)).toMatchObject([
        { type: unverifiable, data: { reason: 'STALE' } },
      ]);
    });

    it('of a provider that nobody heard of yet, is not connected', async () => {
      const { appointment } = await bed.story();
      const stranger = { ...appointment, providerId: randomUUID(), answerBy: appointment.start };
      await bed.hear(appointmentVerificationRequested, stranger);
      expect(await bed.published(appointment.appointmentId)).toMatchObject([
        { data: { reason: 'NOT_CONNECTED' } },
      ]);
    });

    it('twice, or by an older question, answers once', async () => {
      const { appointment, question } = await asked('NOT_CONNECTED');
      await bed.hear(appointmentVerificationRequested, question);
      await bed.hear(appointmentVerificationRequested, { ...question, version: question.version - 1 });
      expect(await bed.published(appointment.appointmentId)).toHaveLength(1);
    });
  });

  describe('is seen', () => {
    const seenBy = async (deps: Deps, providerId: string): Promise<unknown[]> => {
      const query = `{ calendarConnection(providerId: "${providerId}") { state } }`;
      return [
        (await bed.answer(deps, query)).calendarConnection,
        await bed.fieldOf(deps, 'Provider', providerId, '{ id calendarConnection { state lastSyncedAt } }'),
        await bed.fieldOf(deps, 'CalendarConnection', providerId, '{ id version }'),
      ];
    };

    it("by the provider and the practice's desk", async () => {
      const { provider } = await bed.story();
      const { providerId: id, practiceId, account } = provider;
      const people = [
        bed.as(account),
        bed.as('desk', { practiceId, role: 'staff' }),
        bed.as('head', { practiceId, role: 'admin' }),
        bed.as('support', { practiceId: null, role: 'support' }),
      ];
      for (const deps of people) {
        expect(await seenBy(deps, id)).toEqual([
          { state: 'NOT_CONNECTED' },
          { id, calendarConnection: { state: 'NOT_CONNECTED', lastSyncedAt: null } },
          { id, version: 1 },
        ]);
      }
    });

    it('by nobody else', async () => {
      const { provider, appointment } = await bed.story();
      const { providerId, practiceId } = provider;
      const others = [
        bed.as(null),
        bed.as(appointment.accounts[0] ?? null),
        bed.as('colleague', { practiceId, role: 'provider' }),
        bed.as('desk', { practiceId: randomUUID(), role: 'staff' }),
      ];
      for (const deps of others) expect(await seenBy(deps, providerId)).toEqual([null, null, null]);
      const support = bed.as('support', { practiceId: null, role: 'support' });
      expect(await seenBy(support, randomUUID())).toEqual([null, null, null]);
    });

    it('by nobody whose login is not known, where the provider has none', async () => {
      const { provider } = await bed.story();
      await bed.hear(providerChanged, { ...provider, version: 2, account: null });
      expect(await seenBy(bed.as(null), provider.providerId)).toEqual([null, null, null]);
    });
  });
});
