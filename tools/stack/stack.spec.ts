import net from 'node:net';
import { backoff } from './app-process.js';
import { apps } from './apps.js';
import { environmentOf } from './environment.js';
import { terminalLine } from './logs.js';
import { choosePorts } from './ports.js';
import { leftoversOf } from './processes.js';

describe('leftovers of an earlier stack', () => {
  const command = (...words: string[]): string => words.join('\0');
  it('are the processes that carry the mark of that folder, and no others', () => {
    const processes = [
      {
        pid: 11,
        command: command(
          'node',
          'dist/apps/booking/main.js',
          '--caregraph-stack=/home/maya/caregraph/.caregraph',
        ),
      },
      {
        pid: 12,
        command: command(
          'node',
          'dist/apps/booking/main.js',
          '--caregraph-stack=/home/maya/caregraph/.caregraph-2',
        ),
      },
      { pid: 13, command: command('vim', 'dist/apps/booking/main.js') },
      { pid: 14, command: command('node', 'start.ts', '--caregraph-stack=/home/maya/caregraph/.caregraph') },
    ];
    expect(leftoversOf('/home/maya/caregraph/.caregraph', processes, 14)).toEqual([11]);
  });
});

describe('the terminal', () => {
  it('shows errors in words and keeps the rest to the files', () => {
    expect(terminalLine('stdout', '{"level":"info","msg":"ready"}')).toBeNull();
    expect(terminalLine('stdout', 'plain talk')).toBeNull();
    expect(terminalLine('stdout', '{"level":"error","msg":"failed","err":{"message":"no route"}}')).toBe(
      'error: failed (no route)',
    );
    expect(terminalLine('stderr', 'TypeError: x is not a function')).toBe('TypeError: x is not a function');
    expect(terminalLine('stderr', '(node:5829) [DEP0001] DeprecationWarning: old')).toBeNull();
    expect(terminalLine('stderr', '{half a line')).toBe('{half a line');
  });
});

describe('ports', () => {
  it('are different ones, and a preferred one only when it is free', async () => {
    const occupied = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupied.once('listening', resolve));
    const { port } = occupied.address() as net.AddressInfo;
    const chosen = await choosePorts(['gateway', 'booking', 'payments'], { gateway: port });
    expect(chosen.gateway).not.toBe(port);
    expect(new Set(Object.values(chosen)).size).toBe(3);
    occupied.close();
    await new Promise((resolve) => occupied.once('close', resolve));
    expect(await choosePorts(['gateway'], { gateway: port })).toEqual({ gateway: port });
  });
});

describe('an app that dies again and again', () => {
  it('waits twice as long each time, and never longer than 10 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 20].map(backoff)).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
  });
});

describe('environments', () => {
  const secrets = {
    stripeSecretKey: 'sk_test_x',
    stripePublishableKey: 'pk_test_x',
    sendgridApiKey: 'SG.x',
    controlToken: 'c',
  };
  const ports = Object.fromEntries(apps.map(({ name }, index) => [name, 20_001 + index]));
  const database = (name: string) => ({
    name,
    url: `postgresql://${name}_app@x/${name}`,
    ownerUrl: `postgresql://${name}_owner@x/${name}`,
  });
  const names = [
    'event_log',
    'booking',
    'scheduling',
    'payments',
    'notifications',
    'calendar_sync',
    'platform',
  ];
  const databases = Object.fromEntries(names.map((name) => [name, database(name)]));
  const environments = Object.fromEntries(
    apps.map((app) => [app.name, environmentOf(app, { dir: '/tmp/x', ports, databases, secrets })]),
  );

  it('give the gateway a ring for each subgraph, and each subgraph only its own', () => {
    expect(environments.gateway).toMatchObject({
      VIEWER_KEYS_CALENDAR_SYNC_FILE: '/tmp/x/keys/viewer-calendar-sync',
      VIEWER_KEYS_BOOKING_FILE: '/tmp/x/keys/viewer-booking',
      BOOKING_URL: 'http://127.0.0.1:20003',
    });
    expect(environments.gateway?.DATABASE_URL).toBeUndefined();
    expect(environments['calendar-sync']?.VIEWER_KEYS_FILE).toBe('/tmp/x/keys/viewer-calendar-sync');
  });

  it('name what carries the events: the embedded log, or Kafka and nothing else', () => {
    expect(environments.booking).toMatchObject({ EVENT_LOG_URL: 'postgresql://event_log_app@x/event_log' });
    const kafka = { KAFKA_BROKERS: '127.0.0.1:9092' };
    for (const app of apps) {
      const variables = environmentOf(app, { dir: '/tmp/x', ports, databases, secrets, kafka });
      expect(variables.EVENT_LOG_URL).toBeUndefined();
      expect(variables.KAFKA_BROKERS).toBe(app.database === undefined ? undefined : '127.0.0.1:9092');
    }
  });

  it('give the vendors secrets only to the app that talks to them', () => {
    const holders = Object.entries(environments).filter(([, variables]) =>
      JSON.stringify(variables).includes('sk_test_x'),
    );
    expect(holders.map(([app]) => app)).toEqual(['payments']);
  });
});
