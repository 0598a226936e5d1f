// Whether a JSON Schema still reads what an older one allowed: a released event only gains optional fields.

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** Words that describe and do not restrict. */
const remarks = new Set(['$schema', 'title', 'description', 'examples', 'additionalProperties', 'properties', 'required']);

/** What would break a consumer of the released event, as paths; empty: nothing. */
export function breakingChanges(released: unknown, next: unknown, at = ''): string[] {
  const [before, after] = [released as JsonSchema, next as JsonSchema];
  const findings: string[] = [];
  if (restrictions(before) !== restrictions(after)) findings.push(`${at || '/'} changed`);
  for (const [field, shape] of Object.entries(before.properties ?? {})) {
    const kept = after.properties?.[field];
    if (!kept) {
      findings.push(`${at}/${field} was removed`);
      continue;
    }
    const wasRequired = before.required?.includes(field) ?? false;
    if (wasRequired && !after.required?.includes(field)) findings.push(`${at}/${field} is no longer required`);
    findings.push(...breakingChanges(shape, kept, `${at}/${field}`));
  }
  for (const field of after.required ?? []) {
    if (!before.properties?.[field]) findings.push(`${at}/${field} is required and new`);
  }
  return findings;
}

/** Everything that restricts a value, properties aside. A word added to an enum would surprise a strict consumer, too. */
const restrictions = (schema: JsonSchema): string =>
  JSON.stringify(Object.entries(schema).filter(([keyword]) => !remarks.has(keyword)).sort(([a], [b]) => a.localeCompare(b)));
