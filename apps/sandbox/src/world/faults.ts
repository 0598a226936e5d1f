// The script of what goes wrong between the product and a vendor: per route, a number of times, then never again.
import { z } from 'zod';

/**
 * `...-after-effect` is the nasty half: the vendor did it, kept it under its idempotency key, and the caller never
 * hears. `malformed` also comes after the effect. `hang` and `reset-before` leave the vendor's state untouched.
 */
export const faultKinds = [
  'delay',
  'hang',
  'hang-after-effect',
  '429',
  '500',
  '500-after-effect',
  'reset-before',
  'reset-after-effect',
  'malformed',
] as const;

export const faultInput = z.strictObject({
  /** `*` is any. */
  method: z.string().toUpperCase().default('*'),
  /** A path of the vendor, in which `*` stands for one or more characters without a slash. */
  path: z.string().startsWith('/'),
  kind: z.enum(faultKinds),
  times: z.int().min(1).max(10_000).default(1),
  /** Lets this many matching requests pass first. */
  skip: z.int().min(0).default(0),
  /** For `delay`: how long the vendor takes before it does anything. */
  delayMs: z.int().min(0).max(120_000).default(1_000),
  /** For `429`: what Retry-After says. */
  retryAfterSeconds: z.int().min(0).max(3_600).default(1),
  /** Only requests whose decoded body (as JSON) contains this text, so that one appointment can be singled out. */
  bodyIncludes: z.string().optional(),
});

export type FaultInput = z.infer<typeof faultInput>;

export interface Fault extends FaultInput {
  readonly id: string;
  /** How many times it has struck. */
  struck: number;
}

export class FaultBook {
  #next = 1;
  #faults: Fault[] = [];

  add(input: FaultInput): Fault {
    const fault = { ...input, id: `fault_${this.#next++}`, struck: 0 };
    this.#faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** Forgets all faults; says how many there were. */
  clear(): number {
    const count = this.#faults.length;
    this.#faults = [];
    return count;
  }

  /** The fault that strikes this request, if any. The oldest that fits wins and is used up by one. */
  strike(method: string, path: string, body: unknown): Fault | undefined {
    for (const fault of this.#faults) {
      if (fault.struck >= fault.times || !fits(fault, method, path, body)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      fault.struck += 1;
      return fault;
    }
    return undefined;
  }
}

function fits(fault: Fault, method: string, path: string, body: unknown): boolean {
  if (fault.method !== '*' && fault.method !== method) return false;
  if (fault.bodyIncludes !== undefined && !JSON.stringify(body ?? null).includes(fault.bodyIncludes))
    return false;
  const pattern = fault.path.split('*').map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[^/]+')}$`).test(path);
}
