// The memory of each order sent to the processor, written before it is sent. With it the same order is never carried
// out twice, also when its answer is lost, our process dies, or the processor forgets the key.
import { defineEntity, p, type EntityManager } from '@mikro-orm/postgresql';
import { planted } from '@caregraph/runtime';
import type { Deps } from '../deps.js';
import { AnswerSpoilt } from './processor.js';

const instant = () => p.datetime().columnType('timestamptz');

const ProcessorCallSchema = defineEntity({
  name: 'ProcessorCall',
  tableName: 'processor_call',
  properties: {
    /** `hold_<paymentId>_<attempt>`, `capture_…`, `cancel_…`, `refund_<refundId>`: never a clock in it. */
    id: p.string().primary(),
    practiceId: p.uuid(),
    /** Grows when the processor would only repeat a failure under the old key. */
    keyNumber: p.integer(),
    firstSentAt: instant(),
  },
});
export class ProcessorCall extends ProcessorCallSchema.class {}
ProcessorCallSchema.setClass(ProcessorCall);
export { ProcessorCallSchema };

/** The processor keeps keys for 24 hours; after 20 a repeated order could be a second one. */
const keyTrustedMs = 20 * 3_600_000;

export interface Remembered {
  readonly id: string;
  /** What goes to the processor as the idempotency key. */
  readonly key: string;
  /** Whether to look first if the order was carried out before. */
  readonly lookFirst: boolean;
}

/** Remembers the order in the current transaction; the same order has one memory. */
export async function remember(
  em: EntityManager,
  id: string,
  practiceId: string,
  now: Date,
): Promise<Remembered> {
  await em.execute(
    `insert into processor_call (id, practice_id, key_number, first_sent_at) values (?, ?, 1, ?) on conflict do nothing`,
    [id, practiceId, now],
    'run',
  );
  const { keyNumber, firstSentAt } = await em.findOneOrFail(ProcessorCall, { id });
  return {
    id,
    key: planted('order-key-with-clock')
      ? `${id}_${now.getTime()}`
      : keyNumber === 1
        ? id
        : `${id}_${keyNumber}`,
    lookFirst: keyNumber > 1 || now.getTime() - firstSentAt.getTime() > keyTrustedMs,
  };
}

export const wasSent = async (em: EntityManager, id: string): Promise<boolean> =>
  (await em.count(ProcessorCall, { id })) > 0;

/** Sends a remembered order; looks first where the key alone does not protect. */
export async function send<Answer>(
  { em }: Pick<Deps, 'em'>,
  { id, key, lookFirst }: Remembered,
  order: { readonly look: () => Promise<Answer | undefined>; readonly ask: (key: string) => Promise<Answer> },
): Promise<Answer> {
  const known = lookFirst ? await order.look() : undefined;
  if (known !== undefined) return known;
  try {
    return await order.ask(key);
  } catch (error) {
    if (error instanceof AnswerSpoilt) {
      await em
        .fork()
        .execute('update processor_call set key_number = key_number + 1 where id = ?', [id], 'run');
    }
    throw error;
  }
}
