// Stripe's parameters as schemas: form values are text, unknown names are refused, and a refusal names the parameter.
import { z } from 'zod';
import { InvalidParameter } from './errors.js';

export const text = z.string().min(1).max(5_000);
export const integer = z
  .string()
  .regex(/^-?\d+$/, { message: 'integer' })
  .transform(Number);
export const amount = integer.pipe(z.number().min(1, { message: 'minimum' }).max(99_999_999));
/** Absent in the request is null in the object. */
export const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().default(null);
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** At most 50 names of 40 characters with values of 500; an empty value removes a name. */
export const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 50)
  .transform((entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== '')));
export const expand = z.array(text).max(20).default([]);
export const currency = text.toLowerCase().regex(/^[a-z]{3}$/);
export const address = z.strictObject({
  city: orNull(text),
  country: orNull(text),
  line1: orNull(text),
  line2: orNull(text),
  postal_code: orNull(text),
  state: orNull(text),
});

/** Created at, before or after. Seconds. */
const range = z.strictObject({ gt: integer, gte: integer, lt: integer, lte: integer }).partial();
export const page = {
  limit: integer.pipe(z.number().min(1).max(100)).default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
  created: z.union([integer, range]).optional(),
  expand,
};

export function parseParameters<Schema extends z.ZodType>(schema: Schema, form: unknown): z.infer<Schema> {
  const result = schema.safeParse(form);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue ? refusalOf(issue, form) : new InvalidParameter('Invalid parameters.');
}

function refusalOf(issue: z.core.$ZodIssue, form: unknown): InvalidParameter {
  if (issue.code === 'unrecognized_keys') {
    const name = named([...issue.path, issue.keys[0] ?? '']);
    return new InvalidParameter(`Received unknown parameter: ${name}`, name, 'parameter_unknown');
  }
  const name = named(issue.path);
  const given = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    form,
  );
  if (given === undefined)
    return new InvalidParameter(`Missing required param: ${name}.`, name, 'parameter_missing');
  if (given === '') {
    const message = `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`;
    return new InvalidParameter(message, name, 'parameter_invalid_empty');
  }
  if (issue.message === 'integer') {
    return new InvalidParameter(`Invalid integer: ${shown(given)}`, name, 'parameter_invalid_integer');
  }
  if (issue.message === 'minimum') {
    return new InvalidParameter(
      'This value must be greater than or equal to 1.',
      name,
      'parameter_invalid_integer',
    );
  }
  return new InvalidParameter(`Invalid ${name}: ${shown(given)}`, name);
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Stripe writes a nested name as it travels: `automatic_payment_methods[enabled]`. */
function named(path: readonly PropertyKey[]): string {
  const [head = '', ...rest] = path.map(String);
  return head + rest.map((part) => `[${part}]`).join('');
}
