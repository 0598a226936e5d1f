// The demo users: a JSON file, read again at each use, so that new ones can be added while the sandbox runs.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const membership = z.strictObject({
  /** Null for roles of the whole platform: support and system. */
  practiceId: z.uuid().nullable(),
  role: z.enum(['provider', 'staff', 'admin', 'support', 'partner', 'system']),
});

const user = z.strictObject({
  /** What is typed, or clicked, to log in. */
  login: z.string().min(1),
  /** Who it is to the product: the token's subject. */
  sub: z.string().min(1).max(255),
  name: z.string().min(1),
  email: z.email(),
  /** Empty for a patient. */
  memberships: z.array(membership).default([]),
  scopes: z.array(z.string().regex(/^[\w:.-]+$/)).default([]),
});

export type User = z.infer<typeof user>;

export class Users {
  /** Without a file there is nobody. */
  constructor(private readonly file: string | undefined) {
    this.all();
  }

  /** Throws when the file is missing or wrong, naming the field. */
  all(): User[] {
    if (!this.file) return [];
    const result = z.array(user).safeParse(JSON.parse(readFileSync(this.file, 'utf8')));
    if (result.success) return result.data;
    throw new Error(`SANDBOX_USERS_FILE is wrong: ${z.prettifyError(result.error)}`);
  }

  byLogin(login: string): User | undefined {
    return this.all().find((candidate) => candidate.login === login);
  }

  bySub(sub: string): User | undefined {
    return this.all().find((candidate) => candidate.sub === sub);
  }
}
