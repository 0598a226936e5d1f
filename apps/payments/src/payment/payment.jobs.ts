// What is asked of the processor, as durable jobs. Each decides again from our own state when it runs.
import { z } from 'zod';
import { defineJob } from '@caregraph/jobs';

export const ofAttempt = z.object({ paymentId: z.uuid(), attempt: z.int().positive() });
export type OfAttempt = z.infer<typeof ofAttempt>;

/** The processor is often back within seconds, and a patient waits: the first retry comes soon. */
const patience = { retryDelaySeconds: 2 };

export const holdJob = defineJob('hold-payment', ofAttempt, {
  description: 'Asks the processor to hold the amount on the card of an attempt.',
  ...patience,
});

export const captureJob = defineJob('capture-payment', ofAttempt, {
  description: 'Takes what is held, or the part of it that the practice keeps.',
  ...patience,
});

export const voidJob = defineJob('void-payment', ofAttempt, {
  description: 'Gives up what the processor still holds, or could still hold, for an attempt that is over.',
  ...patience,
});

export const lookUpJob = defineJob(
  'look-up-payment',
  ofAttempt.extend({ reference: z.string().nullable() }),
  {
    description: 'Asks the processor how an attempt stands, and records the answer.',
    ...patience,
  },
);

export const reconcileJob = defineJob('reconcile-payments', z.object({}), {
  description: 'Finds payments and refunds that have stood still for too long, and has each looked at.',
});

export const watchHoldsJob = defineJob('watch-holds', z.object({}), {
  description:
    'Compares holds with the processor and lets go of those whose end is near, every hour (PY-020).',
  expireInSeconds: 600,
});

export const resumeCapturesJob = defineJob('resume-captures', z.object({}), {
  description: 'Takes up the captures that waited while captures were disabled.',
  expireInSeconds: 600,
});

export const keyOf = ({ paymentId, attempt }: OfAttempt): string => `${paymentId}:${attempt}`;
