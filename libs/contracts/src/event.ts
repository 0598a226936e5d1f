// Every event that crosses apps is defined with `defineEvent` and travels in a CloudEvents 1.0 envelope.
import { type z } from 'zod';

/** What a verb returns when something happened: the outbox takes nothing else. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** The topic, `<app>.<noun>`. */
  readonly topic: string;
  /** Events with the same key stay in order. Saga events: the appointment's id. */
  readonly key: string;
  readonly data: Data;
}

/** CloudEvents 1.0, structured mode, JSON. */
export interface EventEnvelope<Type extends string = string, Data = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  /** The app that published it: `/caregraph/booking`. */
  readonly source: string;
  readonly type: Type;
  /** The aggregate's id, the same as the message's key. */
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** The W3C trace of who published it: the extension attribute of CloudEvents' distributed tracing. */
  readonly traceparent?: string;
  readonly data: Data;
}

export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly topic: string;
  readonly description: string;
  readonly schema: z.ZodType<Data>;
  readonly example: Data;
  /** Makes the event; throws on data that breaks the contract, which is a mistake of ours and never a client's. */
  of(data: Data): DomainEvent<Type, Data>;
  /** Reads an envelope's data; throws a ZodError on data that breaks the contract. Unknown fields are dropped. */
  parse(envelope: EventEnvelope): Data;
}

export type EventDataOf<D> = D extends EventDefinition<string, infer Data> ? Data : never;
export type EventOf<D> = D extends EventDefinition<infer Type, infer Data> ? DomainEvent<Type, Data> : never;

const typePattern = /^([a-z-]+)\.([a-z-]+)\.v\d+$/;
const definitions = new Map<string, EventDefinition>();

/**
 * Defines an event and puts it in the catalogue.
 * @param type `<app>.<noun>-<past>.v<major>`, for example `booking.appointment-cancelled.v1`.
 * @param options `noun` names the topic, `key` the field of the data that orders the events.
 */
export function defineEvent<const Type extends string, Schema extends z.ZodObject>(
  type: Type,
  schema: Schema,
  options: {
    readonly noun: string;
    readonly key: keyof z.infer<Schema> & string;
    readonly description: string;
    readonly example: z.input<Schema>;
  },
): EventDefinition<Type, z.infer<Schema>> {
  const app = typePattern.exec(type)?.[1];
  if (!app) throw new Error(`"${type}" is not an event type of the form <app>.<noun>-<past>.v<major>.`);
  if (definitions.has(type)) throw new Error(`The event ${type} is defined twice.`);
  const topic = `${app}.${options.noun}`;
  const definition: EventDefinition<Type, z.infer<Schema>> = {
    type,
    topic,
    description: options.description,
    schema: schema as unknown as z.ZodType<z.infer<Schema>>,
    example: schema.parse(options.example),
    of: (data) => {
      const checked = schema.parse(data);
      return { type, topic, key: String(checked[options.key]), data: checked };
    },
    parse: (envelope) => schema.parse(envelope.data),
  };
  definitions.set(type, definition);
  return definition;
}

/** All events, by type. */
export const catalogue: ReadonlyMap<string, EventDefinition> = definitions;

/** Puts an event into its envelope. */
export const envelope = <Type extends string, Data>(
  event: DomainEvent<Type, Data>,
  meta: {
    readonly id: string;
    readonly source: string;
    readonly time: Date;
    readonly traceparent?: string | undefined;
  },
): EventEnvelope<Type, Data> => ({
  specversion: '1.0',
  id: meta.id,
  source: `/caregraph/${meta.source}`,
  type: event.type,
  subject: event.key,
  time: meta.time.toISOString(),
  datacontenttype: 'application/json',
  ...(meta.traceparent === undefined ? {} : { traceparent: meta.traceparent }),
  data: event.data,
});
