import { tsImport } from 'tsx/esm/api';

/** One throw-away PostgreSQL for the whole run; each suite makes its own database in it. */
export default async function setup() {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const { startPostgres, postgresUrlVariable } = await tsImport(
    '../libs/testing/src/index.ts',
    import.meta.url,
  );
  const postgres = await startPostgres({ ephemeral: true });
  globalThis.__caregraphPostgres = postgres;
  process.env[postgresUrlVariable] = postgres.adminUrl();
}
