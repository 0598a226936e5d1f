// Everything that lies in scheduling's database.
import { knownFlagMigrations, messagingEntities, messagingMigrations } from '@caregraph/messaging';
import type { DatabaseParts } from '@caregraph/runtime';
import { idempotencyEntities, idempotencyMigrations } from '@caregraph/subgraph';
import { AppointmentTypeSchema } from './appointment-type/appointment-type.entity.js';
import { KnownCalendarSchema } from './availability/known-calendar.js';
import { LocationSchema } from './location/location.entity.js';
import { PracticeMigration } from './migrations/20261121T0905-practice.js';
import { ProviderMigration } from './migrations/20261121T0907-provider.js';
import { ScheduleMigration } from './migrations/20261121T0910-schedule.js';
import { BusyTimeMigration } from './migrations/20261121T0915-busy-time.js';
import { SealedByMigration } from './migrations/20261121T1240-sealed-by.js';
import { OwnHoursMigration } from './migrations/20261121T1900-own-hours.js';
import { PracticeEmailMigration } from './migrations/20261121T1220-practice-email.js';
import { PracticeSchema } from './practice/practice.entity.js';
import { ProviderSchema } from './provider/provider.entity.js';
import { ResourceSchema } from './resource/resource.entity.js';
import { OverriddenDaySchema, WeeklyHoursSchema } from './schedule/schedule.entity.js';

export const databaseParts: DatabaseParts = {
  entities: [
    PracticeSchema,
    LocationSchema,
    ResourceSchema,
    ProviderSchema,
    AppointmentTypeSchema,
    WeeklyHoursSchema,
    OverriddenDaySchema,
    KnownCalendarSchema,
    ...messagingEntities,
    ...idempotencyEntities,
  ],
  migrations: [
    ...messagingMigrations,
    ...idempotencyMigrations,
    ...knownFlagMigrations,
    { name: '20261121T0905-practice', class: PracticeMigration },
    { name: '20261121T0907-provider', class: ProviderMigration },
    { name: '20261121T0910-schedule', class: ScheduleMigration },
    { name: '20261121T0915-busy-time', class: BusyTimeMigration },
    { name: '20261121T1220-practice-email', class: PracticeEmailMigration },
    { name: '20261121T1240-sealed-by', class: SealedByMigration },
    { name: '20261121T1900-own-hours', class: OwnHoursMigration },
  ],
};
