// Fresh tokens of the demo's people, as recent or as old as a spec wants them.
import { stack } from './story.js';

export interface TokenWish {
  readonly login: string;
  readonly mfa?: boolean;
  readonly expiresInSeconds?: number;
  readonly authenticatedSecondsAgo?: number;
}

export async function demoToken(wish: TokenWish): Promise<string> {
  const response = await fetch(stack.describe().identityProvider.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  });
  if (!response.ok) throw new Error(`No token for ${wish.login}: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}
