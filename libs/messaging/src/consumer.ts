// An event's door into an app: which event, and what to do with it.
import type { EventDefinition, EventEnvelope } from '@caregraph/contracts';

export interface Consumer<Deps> {
  readonly type: string;
  readonly topic: string;
  /** Reads the envelope, and throws on data that breaks the contract; what it returns does the work. */
  readonly prepare: (envelope: EventEnvelope) => (deps: Deps) => Promise<unknown>;
}

/**
 * Binds an event to what the app does about it. `run` works in the transaction that also remembers the event, so its
 * effect happens once. It never calls a vendor and throws only for what a retry may cure; a returned refusal is logged.
 */
export function consumer<Deps, Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
  run: (deps: Deps, data: Data, envelope: EventEnvelope<Type, Data>) => Promise<unknown>,
): Consumer<Deps> {
  return {
    type: definition.type,
    topic: definition.topic,
    prepare: (envelope) => {
      const data = definition.parse(envelope);
      return (deps) => run(deps, data, { ...envelope, type: definition.type, data });
    },
  };
}
