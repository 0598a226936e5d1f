// Reads the body and query that Stripe's SDKs send: `metadata[appointment_id]=1&expand[0]=latest_charge`.

export interface Form {
  [name: string]: FormValue;
}
export type FormValue = string | FormValue[] | Form;

/** Nested names become objects; objects whose names are all numbers, and `name[]`, become lists. */
export function decodeForm(text: string): Form {
  const form: Form = Object.create(null) as Form;
  for (const [name, value] of new URLSearchParams(text)) put(form, pathOf(name), value);
  return mapValues(form);
}

function pathOf(name: string): string[] {
  const [head = '', ...rest] = name.split('[');
  return [head, ...rest.map((part) => part.replace(/\]$/, ''))];
}

function put(into: Form, path: readonly string[], value: string): void {
  let at = into;
  for (const [depth, part] of path.entries()) {
    // `name[]` appends: the next free number.
    const key = part === '' ? String(Object.keys(at).length) : part;
    if (depth === path.length - 1) {
      at[key] = value;
      return;
    }
    const inner = at[key];
    const next = typeof inner === 'object' && !Array.isArray(inner) ? inner : (Object.create(null) as Form);
    at[key] = next;
    at = next;
  }
}

function mapValues(form: Form): Form {
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, listed(value)]));
}

function listed(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const names = Object.keys(value);
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name))) return Object.values(value).map(listed);
  return mapValues(value);
}
