// How the controls under /_sandbox read what they are sent: by a schema, with an answer that names the field.
import type { z } from 'zod';

export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
  }
}

export function parseControl<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  throw new ControlError(
    result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
  );
}
