// Small things that the parts of this library ask of an app's database.
import type { MikroORM } from '@mikro-orm/postgresql';

/** The URL of the database that the ORM uses, for a dedicated connection beside its pool. */
export function databaseUrl(orm: MikroORM): string {
  const url = orm.config.get('clientUrl');
  if (!url) throw new Error('The ORM must be configured by its clientUrl.');
  return url;
}

/** Waits until the condition holds, asking every few milliseconds. Rejects with what the condition throws. */
export async function until(holds: () => Promise<boolean>, everyMs = 10): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}
