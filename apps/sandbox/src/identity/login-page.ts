// The login page of development: a list of people, one click each, with or without a second factor.
import { mountPath } from './provider.js';
import type { User } from './users.js';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const roleOf = ({ memberships, scopes }: User): string => {
  const roles = [...new Set(memberships.map(({ role }) => role))].join(', ');
  if (roles) return roles;
  return scopes.length > 0 ? scopes.join(' ') : 'patient';
};

function row(uid: string, user: User): string {
  return `<form method="post" action="${mountPath}/login/${escaped(uid)}">
    <input type="hidden" name="login" value="${escaped(user.login)}">
    <span><b>${escaped(user.name)}</b><br><small>${escaped(user.login)} · ${escaped(roleOf(user))}</small></span>
    <button>Log in</button><button name="mfa" value="true">with second factor</button>
  </form>`;
}

export function loginPage(uid: string, users: readonly User[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Log in · Caregraph development</title>
<style>
  body { font: 16px/1.4 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
  form { display: flex; gap: .5rem; align-items: center; border-bottom: 1px solid #ddd; padding: .6rem 0; }
  span { flex: 1 } button { padding: .4rem .8rem }
</style></head><body>
<h1>Who are you today?</h1>
<p>This is the sandbox's identity provider. It exists only in development and knows no passwords.</p>
${users.map((user) => row(uid, user)).join('\n') || '<p>There are no demo users yet.</p>'}
</body></html>`;
}
