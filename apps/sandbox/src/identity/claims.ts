// What an access token for the product says about its bearer, however it was obtained.
import type { User } from './users.js';

export const audience = 'caregraph';

/** How and when somebody logged in. */
export interface Login {
  readonly amr: readonly string[];
  /** Seconds, real time. */
  readonly authTime: number;
  readonly sid: string;
}

export const amrOf = (withSecondFactor: boolean): string[] => (withSecondFactor ? ['pwd', 'otp'] : ['pwd']);

export const accessTokenClaims = ({ name, email }: User, login: Login): Record<string, unknown> => ({
  name,
  email,
  amr: login.amr,
  auth_time: login.authTime,
  sid: login.sid,
});
