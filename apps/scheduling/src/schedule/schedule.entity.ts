// How schedules lie in PostgreSQL: one row for the week, one for each day that differs.
import { defineEntity, p } from '@mikro-orm/postgresql';
import { OverriddenDay, WeeklyHours } from './schedule.js';
import type { WeeklyBlock, WorkingBlock } from './working-day.policy.js';

const instant = () => p.datetime().columnType('timestamptz');

export const WeeklyHoursSchema = defineEntity({
  class: WeeklyHours,
  tableName: 'weekly_hours',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    version: p.integer().concurrencyCheck(),
    blocks: p.json<WeeklyBlock[]>(),
    updatedAt: instant(),
  },
});

export const OverriddenDaySchema = defineEntity({
  class: OverriddenDay,
  tableName: 'overridden_day',
  properties: {
    id: p.uuid().primary(),
    practiceId: p.uuid(),
    providerId: p.uuid(),
    date: p.date(),
    blocks: p.json<WorkingBlock[]>(),
    updatedAt: instant(),
  },
});
