// The real sandbox as a process of its own: it takes mails, and posts signed events to the app under test.
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';

export interface World {
  readonly url: string;
  /** Signs as SendGrid does. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Posts to, or without a body gets from, one of the sandbox's controls. */
  control<Answer>(pathname: string, body?: object): Promise<Answer>;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../../../..');

export async function startWorld(webhookUrl: string): Promise<World> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const sandbox = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'apps/sandbox/src/main.ts')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: path.dirname(process.execPath),
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: String(port),
      SENDGRID_WEBHOOK_URL: webhookUrl,
      SENDGRID_WEBHOOK_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  });
  await untilHealthy(url, sandbox);
  return {
    url,
    privateKey,
    publicKey,
    control: async <Answer>(pathname: string, body?: object): Promise<Answer> => {
      const response = await fetch(new URL(pathname, url), {
        ...(body && {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      });
      if (!response.ok)
        throw new Error(`${pathname} answered ${String(response.status)}: ${await response.text()}`);
      return (await response.json()) as Answer;
    },
    stop: () =>
      new Promise((resolve) => {
        sandbox.once('exit', () => {
          resolve();
        });
        sandbox.kill('SIGTERM');
      }),
  };
}

async function untilHealthy(url: string, { exitCode }: ChildProcess): Promise<void> {
  for (let patience = 300; patience > 0 && exitCode === null; patience -= 1) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The sandbox did not start.');
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
