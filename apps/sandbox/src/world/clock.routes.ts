// Moves the world's clock and tells everybody who follows it.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { WorldClock } from './clock.js';
import { parseControl } from './control.js';

/** Shorter than the time-outs of the clients and proxies in between. */
const patienceMs = 25_000;

const amount = z.number().min(0).default(0);
const advanceInput = z
  .strictObject({ milliseconds: amount, seconds: amount, minutes: amount, hours: amount, days: amount })
  .transform((by) =>
    Math.round(by.milliseconds + 1_000 * (by.seconds + 60 * (by.minutes + 60 * (by.hours + 24 * by.days)))),
  )
  .refine((milliseconds) => milliseconds > 0, { message: 'name a time greater than zero' });

const clockQuery = z.strictObject({ after: z.coerce.number().optional() });

export function clockRoutes(app: FastifyInstance, clock: WorldClock): void {
  app.post('/_sandbox/clock/advance', (request) => ({
    offsetMs: clock.advance(parseControl(advanceInput, request.body)),
  }));

  app.get('/_sandbox/clock', async (request) => {
    const { after } = parseControl(clockQuery, request.query);
    return { offsetMs: await clock.offsetOtherThan(after, patienceMs) };
  });
}
