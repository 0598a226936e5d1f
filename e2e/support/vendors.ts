// The outside world made worse for a while: faults at a vendor, webhooks that travel badly, and what was said.
import { eventually } from '@caregraph/testing';
import type { World } from '../../tools/demo/world.js';

export interface Fault {
  readonly method: string;
  /** `*` stands for one or more characters without a slash. */
  readonly path: string;
  readonly kind:
    'delay' | 'hang' | 'reset-before' | 'reset-after-effect' | '500-after-effect' | 'hang-after-effect';
  readonly times?: number;
  readonly delayMs?: number;
  readonly bodyIncludes?: string;
}

export const plan = (world: World, fault: Fault): Promise<unknown> =>
  world.sandbox('POST', '/_sandbox/faults', fault);

export const clearFaults = (world: World): Promise<unknown> => world.sandbox('DELETE', '/_sandbox/faults');

/** How often planned faults have struck, all together. */
export async function strikes(world: World): Promise<number> {
  const { faults } = await world.sandbox<{ faults: { struck: number }[] }>('GET', '/_sandbox/faults');
  return faults.reduce((sum, { struck }) => sum + struck, 0);
}

export const untilStruck = (world: World, times = 1): Promise<true> =>
  eventually(
    `the fault has struck ${times} times`,
    async () => ((await strikes(world)) >= times ? true : undefined),
    { everyMs: 20 },
  );

export const travel = (
  world: World,
  vendor: 'stripe' | 'sendgrid',
  manner: { readonly mode: 'normal' | 'twice' | 'thrice' | 'reorder' | 'hold'; readonly window?: number },
): Promise<unknown> => world.sandbox('POST', `/_sandbox/webhooks/${vendor}`, manner);

/** Lets go of the webhooks that are held, the latest first; answers how many there were. */
export async function releaseBackwards(world: World): Promise<number> {
  const order = { order: 'last-to-first' };
  const { released } = await world.sandbox<{ released: number }>('POST', '/_sandbox/webhooks/release', order);
  return released;
}

/** How many of the vendor's messages wait for the release. */
export async function heldMessages(world: World, vendor: 'stripe' | 'sendgrid'): Promise<number> {
  const state = await world.sandbox<Record<string, { held: number }>>('GET', '/_sandbox/webhooks');
  return state[vendor]?.held ?? 0;
}

interface Exchange {
  readonly direction: string;
  readonly status?: number;
  readonly requestBody?: { readonly id?: string; readonly type?: string; readonly data?: object };
}

/** The ids of Stripe's events about one appointment, in the order in which they happened. */
export async function stripeEvents(world: World, appointmentId: string): Promise<string[]> {
  const { recordings } = await world.sandbox<{ recordings: Exchange[] }>(
    'GET',
    '/_sandbox/recordings?vendor=stripe',
  );
  const events = recordings.flatMap(({ direction, requestBody }) =>
    direction === 'webhook' && requestBody?.id && JSON.stringify(requestBody).includes(appointmentId)
      ? [requestBody.id]
      : [],
  );
  return [...new Set(events)];
}

/** Sends an event once more, or several times; answers the product's statuses. */
export async function redeliver(
  world: World,
  event: string,
  how: { readonly times?: number; readonly signature?: 'valid' | 'wrong' | 'stale' | 'none' } = {},
): Promise<number[]> {
  const { statuses } = await world.sandbox<{ statuses: number[] }>(
    'POST',
    `/_sandbox/stripe/events/${event}/redeliver`,
    how,
  );
  return statuses;
}
