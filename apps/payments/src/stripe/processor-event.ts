// The webhooks that were taken in, so that one that comes twice is worked off once. Kept as long as Stripe may repeat it.
import { defineEntity, p } from '@mikro-orm/postgresql';

const ProcessorEventSchema = defineEntity({
  name: 'ProcessorEvent',
  tableName: 'processor_event',
  properties: {
    /** Stripe's id of the event. */
    id: p.string().primary(),
    practiceId: p.uuid(),
    type: p.string(),
    receivedAt: p.datetime().columnType('timestamptz'),
  },
});
export class ProcessorEvent extends ProcessorEventSchema.class {}
ProcessorEventSchema.setClass(ProcessorEvent);
export { ProcessorEventSchema };
