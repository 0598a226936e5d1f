import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { makeComposeSecrets } from './compose-secrets.js';
import { configurationFault, unknownVariables } from './manifests/variables.js';
import { apps } from './stack/apps.js';
import { ringVariables } from './stack/rings.js';

const root = path.resolve(import.meta.dirname, '..');

interface Container {
  readonly image?: string;
  readonly build?: { readonly target?: string; readonly args?: { readonly APP?: string } };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (
    string | { readonly source: string; readonly volume?: { readonly subpath?: string } }
  )[];
  readonly healthcheck?: object;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const file = parse(fs.readFileSync(path.join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { services } = file;
const service = (name: string): Container => services[name] ?? {};
const environmentOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, String(value)]),
  );
const names = apps.map(({ name }) => name);
const stored = apps.filter(({ database }) => database !== undefined).map(({ name }) => name);
/** Ends when it has done its work. */
const isOnce = (name: string): boolean =>
  service(name).command !== undefined && service(name).restart === undefined;

describe('compose.yaml', () => {
  it('has all apps, a migration for each database, and nothing that is not known', () => {
    const others = ['secrets', 'postgres', 'kafka', 'topics'];
    const migrations = stored.map((name) => `${name}-migrate`);
    expect(Object.keys(services).sort()).toEqual([...others, ...migrations, ...names].sort());
  });

  it.each(names)(
    'gives %s the variables that its configuration reads, and all that it needs',
    (app) => {
      expect(unknownVariables(app, Object.keys(environmentOf(app)))).toEqual([]);
      expect(configurationFault(app, environmentOf(app))).toBeNull();
      // A process of its own reads it, as the app's does.
    },
    120_000,
  );

  it.each(names)('mounts for %s the very rings that the stack of a laptop has', (app) => {
    expect(environmentOf(app)).toMatchObject(ringVariables('/run/development', app));
  });

  it.each(stored)('lets %s be migrated by its owner, of whom the app knows nothing', (app) => {
    expect(Object.keys(environmentOf(`${app}-migrate`))).toEqual(['MIGRATION_DATABASE_URL_FILE']);
    expect(environmentOf(`${app}-migrate`).MIGRATION_DATABASE_URL_FILE).toContain(`/databases/${app}/`);
    expect(service(`${app}-migrate`)).toMatchObject({
      command: ['node', 'migrate.js'],
      image: service(app).image,
    });
    expect(Object.keys(environmentOf(app)).filter((name) => name.startsWith('MIGRATION'))).toEqual([]);
  });

  it('names each file of a secret that is made before anything else', () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-compose-'));
    makeComposeSecrets(dir);
    const files = Object.keys(services)
      .flatMap((name) => Object.entries(environmentOf(name)))
      .filter(([name]) => name.endsWith('_FILE'))
      .map(([, value]) => value.replace('/run/development', dir));
    const kept = files.map((name) => fs.readFileSync(name, 'utf8'));
    makeComposeSecrets(dir);
    expect(files.map((name) => fs.readFileSync(name, 'utf8'))).toEqual(kept);
    expect(kept.filter((text) => text.trim() === '')).toEqual([]);
    fs.rmSync(dir, { recursive: true });
  });

  it("lets the demo's people log in, the first of whom lets the others in", () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-compose-'));
    makeComposeSecrets(dir);
    const file = environmentOf('sandbox').SANDBOX_USERS_FILE?.replace('/run/development', dir) ?? '';
    const users = JSON.parse(fs.readFileSync(file, 'utf8')) as { login: string; sub: string }[];
    fs.rmSync(dir, { recursive: true });
    expect(users.find(({ sub }) => sub === environmentOf('platform').PLATFORM_OPERATORS)).toMatchObject({
      login: 'support',
    });
  });

  it('has no secret in it', () => {
    const variables = Object.keys(services).flatMap((name) => Object.keys(environmentOf(name)));
    expect(variables.filter((name) => /(KEYS?|SECRET|PASSWORD|DATABASE_URL)$/.test(name))).toEqual([]);
  });

  it('waits for what is healthy or done, and only for what can be so', () => {
    for (const { depends_on: needs = {} } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(needs)) {
        if (condition === 'service_completed_successfully')
          expect([name, isOnce(name)]).toEqual([name, true]);
        // Images of ours bring their own check.
        else
          expect([name, service(name).healthcheck !== undefined || names.includes(name)]).toEqual([
            name,
            true,
          ]);
        expect(['service_completed_successfully', 'service_healthy']).toContain(condition);
      }
    }
    const behind = stored.filter((app) => app !== 'gateway');
    for (const app of behind)
      expect(Object.keys(service(app).depends_on ?? {})).toEqual([`${app}-migrate`, 'topics', 'sandbox']);
    expect(Object.keys(service('gateway').depends_on ?? {}).sort()).toEqual(
      ['gateway-migrate', 'topics', ...behind].sort(),
    );
  });

  it('runs each app as in Kubernetes: from its own image, which it cannot write to, without capabilities', () => {
    for (const app of names)
      expect(service(app)).toMatchObject({
        build: { args: { APP: app } },
        read_only: true,
        cap_drop: ['ALL'],
        restart: 'unless-stopped',
      });
  });

  it('opens ports to this machine only', () => {
    const ports = Object.values(services).flatMap(({ ports: open = [] }) => open);
    expect(ports).toEqual(['127.0.0.1:4010:4010', '127.0.0.1:4000:8080']);
  });

  it('leads every address to a service of its own, on the port where that listens', () => {
    const addresses = Object.keys(services).flatMap((name) =>
      Object.values(environmentOf(name)).flatMap((value) => [...value.matchAll(/http:\/\/([a-z-]+):(\d+)/g)]),
    );
    const listens = (name: string): string => environmentOf(name).PORT ?? '8080';
    const strays = addresses.filter(
      ([, host = '', port]) => host !== 'localhost' && !(host in services && listens(host) === port),
    );
    expect(strays.map(([address]) => address)).toEqual([]);
    expect(addresses.length).toBeGreaterThan(10);
  });

  it('builds on exact versions, of PostgreSQL and Kafka those that the suite runs against', () => {
    expect(service('postgres').image).toMatch(/^postgres:17\.\d+-/);
    const kafka = /kafkaVersion = '([\d.]+)'/.exec(
      fs.readFileSync(path.join(root, 'tools/kafka/install.ts'), 'utf8'),
    )?.[1];
    expect(service('kafka').image).toBe(`apache/kafka:${kafka}`);
  });

  it('mounts volumes that it declares', () => {
    const used = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => (typeof volume === 'string' ? volume.split(':')[0] : volume.source)),
    );
    expect([...new Set(used)].sort()).toEqual(Object.keys(file.volumes).sort());
  });
});
