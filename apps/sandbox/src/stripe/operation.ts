// One of Stripe's API methods: its route, its parameters and what it does. It either answers an object or throws a
// StripeRefusal before it has changed anything, a declined card apart.
import type { z } from 'zod';
import type { Account } from './account.js';
import { parseParameters } from './parameters.js';

export interface Operation {
  readonly method: 'GET' | 'POST';
  /** As fastify writes it. */
  readonly path: string;
  /** Reads the parameters, or throws InvalidParameter; running what it answers is the change. */
  prepare(form: unknown, ids: Readonly<Record<string, string>>): Prepared;
}

export interface Prepared {
  readonly expand: readonly string[];
  run(account: Account): object;
}

export function operation<Schema extends z.ZodType<{ expand: string[] }>>(
  method: Operation['method'],
  path: string,
  parameters: Schema,
  run: (account: Account, input: z.infer<Schema>, id: string) => object,
): Operation {
  return {
    method,
    path,
    prepare: (form, ids) => {
      const input = parseParameters(parameters, form);
      return { expand: input.expand, run: (account) => run(account, input, ids.id ?? '') };
    },
  };
}
