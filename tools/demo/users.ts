// Who can log in to the demo. The development identity provider knows these and nobody else.
import { demoAccount, demoPractices } from './ids.js';

export interface DemoUser {
  /** What is typed at the login page, and sent to `POST /demo/token`. */
  readonly login: string;
  /** The account's id: `sub` of its tokens. */
  readonly sub: string;
  readonly role: 'patient' | 'provider' | 'staff' | 'admin' | 'support' | 'partner';
  readonly name: string;
  readonly email: string;
  /** A patient has none; support's spans all practices. */
  readonly memberships: readonly { readonly practiceId: string | null; readonly role: string }[];
  readonly scopes: readonly string[];
  /** Whether its tokens say that a second factor was shown. */
  readonly mfa: boolean;
}

const { riverside, lakeshore } = demoPractices;

export const demoUsers: readonly DemoUser[] = [
  patient('patient', 'Maya Torres'),
  patient('patient2', 'Liam Becker'),
  patient('patient3', 'Noor Rahman'),
  patient('patient4', 'Oliver Grant'),
  member('provider', 'Dr. Amelia Chen', 'provider', riverside),
  member('provider2', 'Dr. Samuel Okafor', 'provider', riverside),
  member('provider3', 'Dr. Ingrid Larsen', 'provider', riverside),
  member('provider4', 'Dr. Rafael Moreno', 'provider', riverside),
  member('provider5', 'Dr. Priya Nair', 'provider', lakeshore),
  member('provider6', 'Dr. Jonas Weber', 'provider', lakeshore),
  member('provider7', 'Dr. Hana Sato', 'provider', lakeshore),
  member('provider8', 'Dr. Leah Goldman', 'provider', lakeshore),
  member('staff', 'Grace Lindqvist', 'staff', riverside),
  member('staff2', 'Tomas Novak', 'staff', lakeshore),
  member('admin', 'Victor Adeyemi', 'admin', riverside),
  member('admin2', 'Clara Dubois', 'admin', lakeshore),
  // The same rights without a second factor.
  { ...member('admin-password-only', 'Peter Quinn', 'admin', riverside), mfa: false },
  {
    ...person('support', 'Sofia Marino', 'support'),
    memberships: [{ practiceId: null, role: 'support' }],
    mfa: true,
  },
  {
    ...person('partner', 'Northwind Health', 'partner'),
    memberships: [{ practiceId: riverside, role: 'partner' }],
    scopes: ['availability:read', 'appointments:read', 'appointments:write'],
  },
];

function person(login: string, name: string, role: DemoUser['role']): DemoUser {
  const email = `${login}@demo.caregraph.example`;
  return {
    login,
    sub: demoAccount(login),
    role,
    name,
    email,
    memberships: [],
    scopes: [],
    mfa: false,
  };
}

function patient(login: string, name: string): DemoUser {
  return person(login, name, 'patient');
}

function member(
  login: string,
  name: string,
  role: 'provider' | 'staff' | 'admin',
  practiceId: string,
): DemoUser {
  return { ...person(login, name, role), memberships: [{ practiceId, role }], mfa: role !== 'provider' };
}

/** The users as the sandbox reads them (SANDBOX_USERS_FILE). */
export const sandboxUsers = demoUsers.map(({ login, sub, name, email, memberships, scopes }) => ({
  login,
  sub,
  name,
  email,
  memberships,
  scopes,
}));

/** The same as the file's text. */
export const sandboxUsersText = `${JSON.stringify(sandboxUsers, null, 2)}\n`;
