// The same key twice is the same outcome: stored in the use case's own transaction, read again on replay.
import { createHash } from 'node:crypto';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '@caregraph/contracts';
import { planted, type MigrationEntry } from '@caregraph/runtime';
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

/** How long a key is remembered, in hours; after that it is a new one. */
export const idempotencyKeptHours = 72;

/** How many outdated keys one new key clears away: more than come in, so that the table stays small by itself. */
const clearedAtOnce = 20;

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Runs the use case once for each key. Without a key it just runs. Refusals are not stored: they changed nothing, and
 * the next try may succeed. Throws IDEMPOTENCY_CONFLICT for the same key with other input, and BAD_USER_INPUT for a
 * key that is empty or has more than 255 characters, or of a caller with neither account nor session.
 */
export async function idempotent<Deps extends RequestDeps, Input extends Keyed, Outcome extends object>(
  deps: Deps,
  mutation: string,
  input: Input,
  useCase: (deps: Deps, input: Input) => Promise<Outcome>,
): Promise<Outcome> {
  const key = input.idempotencyKey ?? deps.viewer.idempotencyKey;
  // An empty one is a mistake of the caller's, who believes to be protected.
  if (key === '') throw badInput({ field: 'idempotencyKey', message: 'must not be empty' });
  if (key === null || planted('idempotency-key-ignored')) return useCase(deps, input);
  const scope = scopeOf(deps, mutation, key);
  const fingerprint = sha256(canonical({ ...input, idempotencyKey: undefined }));
  const outdated = new Date(deps.now.getTime() - idempotencyKeptHours * 3_600_000);

  return deps.em.fork().transactional(async (em) => {
    // A second caller with the same key waits here until the first has committed or given up.
    const taken = await em.execute<{ scope: string }[]>(
      `insert into idempotency_key as known (scope, fingerprint, created_at) values (?, ?, ?)
       on conflict (scope) do update
         set fingerprint = excluded.fingerprint, created_at = excluded.created_at, outcome_type = null, outcome_id = null
         where known.created_at < ?
       returning scope`,
      [scope, fingerprint, deps.now, outdated],
    );
    if (taken.length === 0) return replay<Outcome>(em, scope, fingerprint);

    const outcome = await useCase({ ...deps, em }, input);
    if (outcome instanceof Refusal) await em.nativeDelete(IdempotencyKey, { scope });
    else await em.nativeUpdate(IdempotencyKey, { scope }, referenceTo(em, outcome));
    await clearOutdated(em, outdated);
    return outcome;
  });
}

function scopeOf({ viewer }: RequestDeps, mutation: string, key: string): string {
  if (key.length > 255)
    throw badInput({ field: 'idempotencyKey', message: 'must be at most 255 characters' });
  const { account, sid } = viewer;
  // All such callers would share their keys, and be shown what is another's.
  if (account === null && sid === null)
    throw badInput({ field: 'idempotencyKey', message: 'needs a login or a session' });
  return sha256(JSON.stringify([account, account === null ? sid : null, mutation, key]));
}

async function replay<Outcome>(em: EntityManager, scope: string, fingerprint: string): Promise<Outcome> {
  const known = await em.findOneOrFail(IdempotencyKey, { scope });
  if (known.fingerprint !== fingerprint) throw idempotencyConflict();
  const entity = em.getMetadata().getByClassName(known.outcomeType ?? '').class;
  return (await em.findOneOrFail(entity, { id: known.outcomeId })) as Outcome;
}

/** How a replay finds the outcome again; a use case whose outcome is no entity fails the first time already. */
function referenceTo(em: EntityManager, outcome: object): { outcomeType: string; outcomeId: string } {
  const { name } = outcome.constructor;
  const known = em.getMetadata().getByClassName(name, false);
  const { id } = outcome as { id?: unknown };
  if (!known || typeof id !== 'string') throw new Error(`A ${name} cannot be read again by its id.`);
  return { outcomeType: name, outcomeId: id };
}

/** Skips what another clears at the same time, so that nobody waits for it. */
const clearOutdated = (em: EntityManager, outdated: Date): Promise<unknown> =>
  em.execute(
    `delete from idempotency_key where scope in (
       select scope from idempotency_key where created_at < ? order by created_at limit ? for update skip locked
     )`,
    [outdated, clearedAtOnce],
  );

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON with its keys in order, so that the same input has one fingerprint. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? // Left out and null are the same wish.
        Object.fromEntries(
          Object.entries(part)
            .filter(([, value]) => value !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : part,
  );
