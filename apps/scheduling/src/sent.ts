// What a client has sent: in a change, fields left out stay as they are.

/** The fields that were sent; null is one of the values, and clears what may be empty. */
export const sent = <Fields extends object>(
  fields: Fields,
): { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> } =>
  only(fields, (value) => value !== undefined);

/** The fields that were sent with a value; null says nothing of what cannot be empty. */
export const sentValues = <Fields extends object>(
  fields: Fields,
): { [Field in keyof Fields]?: NonNullable<Fields[Field]> } =>
  only(fields, (value) => value !== undefined && value !== null);

const only = <Kept extends object>(fields: object, keep: (value: unknown) => boolean): Kept =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => keep(value))) as Kept;
