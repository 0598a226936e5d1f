// The API methods of events: what a receiver reads again when a webhook went missing. Kept for 30 days.
import { z } from 'zod';
import { raise } from './account.js';
import { missing } from './errors.js';
import { listOf } from './list.js';
import { operation } from './operation.js';
import { expand, flag, page, text } from './parameters.js';

const keptForSeconds = 30 * 24 * 3_600;

const listParameters = z.strictObject({
  ...page,
  type: text.optional(),
  types: z.array(text).max(20).optional(),
  delivery_success: flag.optional(),
});

export const eventOperations = [
  operation(
    'GET',
    '/v1/events/:id',
    z.strictObject({ expand }),
    (account, _input, id) => account.events.get(id) ?? raise(missing('event', id)),
  ),
  operation('GET', '/v1/events', listParameters, (account, input) =>
    listOf(
      '/v1/events',
      account.events,
      input,
      (event) =>
        event.created > account.clock.nowSeconds() - keptForSeconds &&
        (!input.type || matches(event.type, input.type)) &&
        (!input.types || input.types.some((type) => matches(event.type, type))) &&
        (input.delivery_success === undefined || input.delivery_success === (event.pending_webhooks === 0)),
    ),
  ),
];

/** `charge.*` is every type that begins with `charge.`. */
const matches = (type: string, wanted: string): boolean =>
  wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
