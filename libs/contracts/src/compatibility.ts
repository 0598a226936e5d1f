// Whether a JSON Schema still reads what an older one allowed: a released event only gains optional fields.

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** Words that describe and do not restrict. */
const remarks = new Set([
  '$schema',
  'title',
  'description',
  'examples',
  'additionalProperties',
  'properties',
  'required',
]);

/** What would break a consumer of the released event, as paths; empty: nothing. */
export function breakingChanges(released: unknown, next: unknown, at = ''): string[] {
  const [before, after] = [released as JsonSchema, next as JsonSchema];
  const added = (after.required ?? []).filter((field) => !before.properties?.[field]);
  return [
    ...(restrictions(before) === restrictions(after) ? [] : [`${at || '/'} changed`]),
    ...Object.keys(before.properties ?? {}).flatMap((field) => changesOf(field, before, after, at)),
    ...added.map((field) => `${at}/${field} is required and new`),
  ];
}

function changesOf(field: string, before: JsonSchema, after: JsonSchema, at: string): string[] {
  const [shape, kept] = [before.properties?.[field], after.properties?.[field]];
  if (!kept) return [`${at}/${field} was removed`];
  const requiredNoMore = before.required?.includes(field) && !after.required?.includes(field);
  return [
    ...(requiredNoMore ? [`${at}/${field} is no longer required`] : []),
    ...breakingChanges(shape, kept, `${at}/${field}`),
  ];
}

/** Everything that restricts a value, properties aside. A word added to an enum would surprise a strict consumer, too. */
const restrictions = (schema: JsonSchema): string =>
  JSON.stringify(
    Object.entries(schema)
      .filter(([keyword]) => !remarks.has(keyword))
      .sort(([a], [b]) => a.localeCompare(b)),
  );
