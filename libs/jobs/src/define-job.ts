// What a job is: its name, what it carries, and how often it is tried.
import type { z } from 'zod';

export interface JobOptions {
  /** For the runbook: what the job does, in one sentence. */
  readonly description: string;
  /** Tries after the first, 1 to 100, 12 if left out. A killed worker costs one, so 0 would lose the job with it. */
  readonly retryLimit?: number;
  /** Wait before the first retry, 1 to 900 seconds, 5 if left out; it doubles with jitter, up to 15 minutes. */
  readonly retryDelaySeconds?: number;
  /** How long one try may take, 1 to 3600 seconds, 60 if left out; then its signal aborts and it counts as failed. */
  readonly expireInSeconds?: number;
}

export interface JobDefinition<Data extends object = object> {
  readonly name: string;
  readonly schema: z.ZodType<Data>;
  readonly description: string;
  readonly retryLimit: number;
  readonly retryDelaySeconds: number;
  readonly expireInSeconds: number;
}

/**
 * Declares a job. The name is kebab-case and unique in the app: waiting jobs find their code by it, so renaming
 * one strands what is queued. Throws on a name or a number out of range.
 */
export function defineJob<Data extends object>(
  name: string,
  schema: z.ZodType<Data>,
  options: JobOptions,
): JobDefinition<Data> {
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(name))
    throw new Error(`A job's name is kebab-case, at most 60 letters: "${name}".`);
  return {
    name,
    schema,
    description: options.description,
    retryLimit: within(name, 'retryLimit', options.retryLimit ?? 12, 1, 100),
    retryDelaySeconds: within(name, 'retryDelaySeconds', options.retryDelaySeconds ?? 5, 1, 900),
    expireInSeconds: within(name, 'expireInSeconds', options.expireInSeconds ?? 60, 1, 3_600),
  };
}

function within(job: string, option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(
    `${option} of the job "${job}" must be a whole number from ${least} to ${most}, not ${value}.`,
  );
}
