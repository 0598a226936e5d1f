import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { AppDefinition } from './apps.js';
import { connectStack } from './client.js';
import { StackRunning } from './lock.js';
import { isAlive, pause } from './processes.js';
import { readStackFile, stackFileOf } from './stack-file.js';
import { startStack } from './start-stack.js';

const root = path.resolve(import.meta.dirname, '../..');

/** An app of three lines: it is ready, tells its environment, and says which signal ended it. */
const fakeApp = `
  import http from 'node:http';
  http.createServer((request, response) => {
    response.writeHead(request.url === '/env' || request.url === '/readyz' ? 200 : 404).end(JSON.stringify(process.env));
  }).listen(Number(process.env.PORT), '127.0.0.1');
  process.once('SIGTERM', () => { console.log('closed ' + Date.now()); process.exit(0); });
`;

describe('the supervisor', () => {
  let dir: string;
  let apps: AppDefinition[];
  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-supervisor-'));
    fs.chmodSync(dir, 0o755);
    const entry = path.join(dir, 'fake.mjs');
    fs.writeFileSync(entry, fakeApp);
    apps = [
      { name: 'sandbox', stage: 0, entry },
      { name: 'booking', stage: 1, entry, database: 'booking' },
      { name: 'gateway', stage: 2, entry },
    ];
  });
  afterEach(() => {
    fs.rmSync(dir, { recursive: true, force: true });
  });

  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error('It did not happen within 60 s.');
      await pause(30);
    }
  };
  const readyStack = () => startStack({ dir, mode: 'bundle', quiet: true, apps });

  it('runs each app with its own variables, database and role, and leaves nothing when stopped', async () => {
    const stack = await readyStack();
    const { urls, pids, postgres, databases } = stack.describe();
    const env = (await (await fetch(`${urls.booking ?? ''}/env`)).json()) as Record<string, string>;
    expect(env).toMatchObject({
      NODE_ENV: 'development',
      SANDBOX_URL: urls.sandbox,
      DATABASE_URL: databases.booking?.url,
    });
    const ring = env.VIEWER_KEYS_FILE ?? '';
    expect(fs.readFileSync(ring, 'utf8')).toMatch(/^[\w-]+:\w{64}\n$/);
    expect(fs.statSync(ring).mode & 0o777).toBe(0o600);
    expect(env.HOME).toBe(process.env.HOME);
    expect(fs.statSync(stack.file).mode & 0o777).toBe(0o600);

    const client = new pg.Client({ connectionString: env.DATABASE_URL });
    await client.connect();
    expect((await client.query('select current_user as role')).rows).toEqual([{ role: 'booking_app' }]);
    await client.end();

    await stack.stop();
    expect([...Object.values(pids), postgres.pid].filter((pid) => pid !== null && isAlive(pid))).toEqual([]);
    expect(fs.existsSync(stack.file)).toBe(false);
  });

  it('starts an app again when it is killed, and says so in stack.json', async () => {
    const stack = await readyStack();
    const before = readStackFile(stack.file).pids.booking;
    await connectStack(stack.file).kill('booking');
    await until(() => ![before, null].includes(readStackFile(stack.file).pids.booking ?? null));
    await connectStack(stack.file).waitReady('booking');
    await stack.stop();
  });

  it('leaves an app stopped that was stopped on purpose, until it is started', async () => {
    const stack = await readyStack();
    const remote = connectStack(stack.file);
    await remote.stopApp('booking');
    expect(remote.describe().pids.booking).toBeNull();
    await remote.waitReady();
    await remote.startApp('booking');
    expect((await fetch(`${remote.describe().urls.booking ?? ''}/readyz`)).status).toBe(200);
    await expect(remote.restart('nothing')).rejects.toThrow('No app nothing');
    await stack.stop();
  });

  it('refuses a second stack in the same folder', async () => {
    const stack = await readyStack();
    await expect(readyStack()).rejects.toBeInstanceOf(StackRunning);
    await stack.stop();
  });

  it('tells the last lines of an app that does not start, and leaves nothing running', async () => {
    fs.writeFileSync(path.join(dir, 'broken.mjs'), `console.error('PORT: is wrong'); process.exit(1);`);
    apps = [{ name: 'sandbox', stage: 0, entry: path.join(dir, 'broken.mjs') }];
    await expect(readyStack()).rejects.toThrow('PORT: is wrong');
    expect(fs.existsSync(path.join(dir, 'postgres', 'postmaster.pid'))).toBe(false);
    expect(fs.existsSync(path.join(dir, 'supervisor.lock'))).toBe(false);
  });

  it('recovers after the supervisor itself was killed, and keeps the rows', async () => {
    const script = path.join(dir, 'supervise.ts');
    const source = path.join(root, 'tools/stack/start-stack.ts');
    fs.writeFileSync(
      script,
      `import { startStack } from '${source}'; void startStack(${JSON.stringify({ dir, mode: 'bundle', quiet: true, apps })});`,
    );
    const supervisor = spawn(process.execPath, ['--import', 'tsx', script], { cwd: root, stdio: 'ignore' });
    await until(
      () => fs.existsSync(stackFileOf(dir)) && readStackFile(stackFileOf(dir)).pids.gateway != null,
    );
    const left = readStackFile(stackFileOf(dir));
    const owner = new pg.Client({ connectionString: left.databases.booking?.ownerUrl });
    await owner.connect();
    await owner.query('create table note (id int); insert into note values (7)');
    await owner.end();
    supervisor.kill('SIGKILL');
    await until(() => supervisor.signalCode !== null);
    expect(isAlive(left.pids.booking ?? 0)).toBe(true);

    const stack = await readyStack();
    const now = stack.describe();
    expect(
      [left.pids.booking, left.pids.gateway, left.postgres.pid].filter((pid) => isAlive(pid ?? 0)),
    ).toEqual([]);
    const client = new pg.Client({ connectionString: now.databases.booking?.url });
    await client.connect();
    expect((await client.query('select id from note')).rows).toEqual([{ id: 7 }]);
    await client.end();
    await stack.stop();
  }, 120_000);
});
