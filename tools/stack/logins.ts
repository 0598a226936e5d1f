// Tokens for the demo's people, from the development identity provider.
import { demoUsers } from '../demo/users.js';
import type { DemoLogin } from './stack-file.js';

/** One token for each demo login, valid for 12 hours. */
export async function demoLogins(sandboxUrl: string): Promise<Record<string, DemoLogin>> {
  const logins = await Promise.all(
    demoUsers.map(async ({ login, role, name, sub, mfa }) => {
      const token = await demoToken(sandboxUrl, login, mfa);
      return [login, { login, role, name, account: sub, token }] as const;
    }),
  );
  return Object.fromEntries(logins);
}

async function demoToken(sandboxUrl: string, login: string, mfa: boolean): Promise<string> {
  const response = await fetch(new URL('/demo/token', sandboxUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, mfa }),
  });
  if (!response.ok)
    throw new Error(
      `The identity provider gives no token for ${login}: ${response.status} ${await response.text()}`,
    );
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}
