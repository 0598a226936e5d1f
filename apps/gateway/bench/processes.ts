// Processes that take part in a measurement: bundled as they are shipped, started on free ports, asked for their CPU
// time and memory, ended.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../../..');

export interface Started {
  readonly name: string;
  readonly pid: number;
  /** What it said when it was ready. */
  readonly said: Readonly<Record<string, unknown>>;
  /** Milliseconds of CPU that it has used so far. */
  readonly cpuMs: () => number;
  readonly memoryMb: () => number;
  readonly end: () => void;
}

/** Within the workspace, so that what is bundled finds the installed packages. */
export function benchFolder(): string {
  const parent = path.join(root, 'dist');
  fs.mkdirSync(parent, { recursive: true });
  return fs.mkdtempSync(path.join(parent, 'bench-'));
}

/** Bundles a program as `npm run build` bundles the gateway; sources that run as they are would measure their loader. */
export async function bundled(entry: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${path.basename(entry, '.ts')}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [path.join('apps/gateway', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minifySyntax: true,
    plugins: [
      {
        name: 'packages-outside',
        setup: (bundler) => {
          bundler.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || name.startsWith('@caregraph/')
              ? undefined
              : { path: name, external: true },
          );
        },
      },
    ],
  });
  return outfile;
}

/** Keeps all threads of a process to one processor, where the machine can; else the measurement is noisier. */
export function keepTo(processor: number, pid: number): void {
  const { status } = spawnSync('taskset', [
    '--all-tasks',
    '--pid',
    '--cpu-list',
    String(processor),
    String(pid),
  ]);
  if (status !== 0) console.log(`Processes share all processors: taskset ended with ${String(status)}.`);
}

/** What the gateway's Deployment tells Node, which belongs to what is measured: by its command, and by NODE_OPTIONS. */
export function flagsOfGateway(): string[] {
  const file = path.join(root, 'k8s/base/gateway/deployment.yaml');
  const { command, env } = (parse(fs.readFileSync(file, 'utf8')) as Deployment).spec.template.spec
    .containers[0];
  const options = env.find(({ name }) => name === 'NODE_OPTIONS')?.value ?? '';
  return [...command.slice(1, -1), ...options.split(' ')];
}

interface Deployment {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly [Container] } } };
}

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

/** @param isReady picks the line of JSON that says it is ready. */
export async function startProcess(
  name: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  isReady: (said: Readonly<Record<string, unknown>>) => boolean = () => true,
): Promise<Started> {
  const child = spawn(process.execPath, [...args], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await firstLine(name, child, isReady);
  const { pid = 0 } = child;
  return {
    name,
    pid,
    said,
    cpuMs: () => {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      // User and system time, in hundredths of a second.
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    memoryMb: () => {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Math.round(Number(kilobytes) / 1024);
    },
    end: () => child.kill('SIGKILL'),
  };
}

function firstLine(
  name: string,
  child: ChildProcess,
  isReady: (said: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`${name} ended with ${String(code)} before it was ready.`));
    });
    if (!child.stdout) throw new Error(`${name} cannot be heard.`);
    createInterface(child.stdout).on('line', (line) => {
      const said = parsed(line);
      if (said && isReady(said)) resolve(said);
    });
  });
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
