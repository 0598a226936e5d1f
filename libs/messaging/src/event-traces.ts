// Events in traces: the envelope carries the trace of who published it, and whoever works it off goes on with that.
import type { EventEnvelope } from '@caregraph/contracts';
import { continueTrace, openSpan, openSpanOf, span } from '@caregraph/runtime';

/** Runs what is done for an event as a part of the trace that it was published in. */
export const inTraceOf = <Result>(
  envelope: EventEnvelope,
  group: string,
  work: () => Promise<Result>,
): Promise<Result> =>
  continueTrace(envelope.traceparent, () =>
    span(
      `consume ${envelope.type}`,
      {
        'caregraph.event.type': envelope.type,
        'messaging.message.id': envelope.id,
        'messaging.consumer.group.name': group,
        'messaging.operation.type': 'process',
      },
      work,
      { kind: 'consumer' },
    ),
  );

/**
 * Runs the publishing of a batch. The batch is of no trace, since its events are of many: it has a span of its own,
 * linked to whoever published each event, and each event's trace gets a span that is linked back.
 */
export const inRelayOf = (envelopes: readonly EventEnvelope[], work: () => Promise<void>): Promise<void> =>
  continueTrace(undefined, async () => {
    const startedAt = Date.now();
    const batch = openSpan(
      'relay',
      { 'messaging.operation.type': 'send', 'messaging.batch.message_count': envelopes.length },
      { kind: 'producer', links: envelopes.map(({ traceparent }) => traceparent), startedAt },
    );
    const events = envelopes.flatMap(({ id, type, traceparent }) =>
      traceparent === undefined
        ? []
        : openSpanOf(
            traceparent,
            `relay ${type}`,
            { 'caregraph.event.type': type, 'messaging.message.id': id, 'messaging.operation.type': 'send' },
            { kind: 'producer', links: [batch.traceparent], startedAt },
          ),
    );
    try {
      await batch.run(work);
    } catch (error) {
      for (const one of [batch, ...events]) one.fail(error);
      throw error;
    } finally {
      for (const one of [...events, batch]) one.end();
    }
  });
