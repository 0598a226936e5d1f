// The same key twice is the same outcome: stored in the use case's own transaction, read again on replay.
import { createHash } from 'node:crypto';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '@caregraph/contracts';
import type { MigrationEntry } from '@caregraph/runtime';
import type { RequestDeps } from './deps.js';
import { badInput, idempotencyConflict } from './errors.js';

const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    /** Actor, mutation and key: another caller's key is another key. */
    scope: p.string().primary(),
    fingerprint: p.string(),
    outcomeType: p.string().nullable(),
    outcomeId: p.uuid().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
});
export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey);

export const idempotencyEntities = [IdempotencyKeySchema];

class IdempotencyMigration extends Migration {
  override up(): void {
    this.addSql(`create table idempotency_key (
      scope text primary key,
      fingerprint text not null,
      outcome_type text,
      outcome_id uuid,
      created_at timestamptz not null
    )`);
    this.addSql('create index on idempotency_key (created_at)');
  }
}
export const idempotencyMigrations: MigrationEntry[] = [
  { name: '20261121T0801-idempotency-keys', class: IdempotencyMigration },
];

/** How long a key is remembered, in hours. */
export const idempotencyKeptHours = 72;

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Runs the use case once for each key. Without a key it just runs. Refusals are not stored: they changed nothing, and
 * the next try may succeed. Throws IDEMPOTENCY_CONFLICT for the same key with other input.
 */
export function idempotent<Deps extends RequestDeps, Input extends Keyed, Outcome extends object>(
  deps: Deps,
  mutation: string,
  input: Input,
  useCase: (deps: Deps, input: Input) => Promise<Outcome>,
): Promise<Outcome> {
  const key = input.idempotencyKey ?? deps.viewer.idempotencyKey;
  if (!key) return useCase(deps, input);
  if (key.length > 255)
    throw badInput({ field: 'idempotencyKey', message: 'must be at most 255 characters' });
  const scope = sha256(JSON.stringify([deps.viewer.account ?? deps.viewer.sid, mutation, key]));
  const fingerprint = sha256(canonical({ ...input, idempotencyKey: undefined }));

  return deps.em.fork().transactional(async (em) => {
    // A second caller with the same key waits here until the first has committed or given up.
    const inserted = await em.execute<{ scope: string }[]>(
      'insert into idempotency_key (scope, fingerprint, created_at) values (?, ?, ?) on conflict do nothing returning scope',
      [scope, fingerprint, deps.now],
    );
    if (inserted.length === 0) return replay<Outcome>(em, scope, fingerprint);

    const outcome = await useCase({ ...deps, em }, input);
    if (outcome instanceof Refusal) await em.nativeDelete(IdempotencyKey, { scope });
    else
      await em.nativeUpdate(
        IdempotencyKey,
        { scope },
        { outcomeType: outcome.constructor.name, outcomeId: idOfOutcome(outcome) },
      );
    return outcome;
  });
}

async function replay<Outcome>(em: EntityManager, scope: string, fingerprint: string): Promise<Outcome> {
  const known = await em.findOneOrFail(IdempotencyKey, { scope });
  if (known.fingerprint !== fingerprint) throw idempotencyConflict();
  const entity = em.getMetadata().getByClassName(known.outcomeType ?? '').class;
  return (await em.findOneOrFail(entity, { id: known.outcomeId })) as Outcome;
}

const idOfOutcome = (outcome: object): string => (outcome as { id: string }).id;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON with its keys in order, so that the same input has one fingerprint. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part) && !(part instanceof Date)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)))
      : part,
  );
