// Tells this replica's subscribers that appointments changed. The relay sends one NOTIFY for each published batch;
// every replica listens, and each subscriber reads the row again as its own viewer.
import type { EventEnvelope } from '@caregraph/contracts';
import { listenForNotices, type Notice } from '@caregraph/messaging';
import type { Logger } from '@caregraph/runtime';
import { unavailable } from '@caregraph/subgraph';

const channel = 'appointment_changed';

/** NOTIFY takes 8000 bytes; three ids of 36 characters with punctuation are 115. */
const mostInOneNotice = 60;

interface Changed {
  readonly id: string;
  readonly providerId: string;
  readonly practiceId: string;
}

/** One subscriber's ids that are still to be delivered; an id that waits already is not queued twice. */
class Queue implements AsyncIterable<string> {
  private readonly waiting = new Set<string>();
  private wake: () => void = () => undefined;
  private ended = false;
  private lost = false;

  constructor(private readonly leave: () => void) {}

  push(id: string): void {
    this.waiting.add(id);
    this.wake();
  }

  end(): void {
    this.ended = true;
    this.leave();
    this.wake();
  }

  /** Changes were missed that cannot be made up for: the subscriber must begin anew. */
  lose(): void {
    this.lost = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    while (!this.ended) {
      if (this.lost) throw unavailable('Changes were missed: subscribe again.');
      const [id] = this.waiting;
      if (id === undefined) {
        await new Promise<void>((resolve) => (this.wake = resolve));
        continue;
      }
      this.waiting.delete(id);
      yield id;
    }
  }
}

const topics = new Map<string, Set<Queue>>();

export const changedAppointments = {
  /** @param key `id:<id>`, `providerId:<id>` or `practiceId:<id>`. */
  subscribe(key: string): Queue {
    const queues = topics.get(key) ?? new Set<Queue>();
    topics.set(key, queues);
    const queue = new Queue(() => {
      queues.delete(queue);
      if (queues.size === 0) topics.delete(key);
    });
    queues.add(queue);
    return queue;
  },
};

/** For the relay: one notice, or a few, for a batch of events. */
export function announceAppointments(batch: readonly EventEnvelope[]): Notice[] {
  const changed = [...new Map(batch.flatMap(changedIn).map((one) => [one.id, one])).values()];
  const notices: Notice[] = [];
  for (let at = 0; at < changed.length; at += mostInOneNotice) {
    const told = changed
      .slice(at, at + mostInOneNotice)
      .map(({ id, providerId, practiceId }) => [id, providerId, practiceId]);
    notices.push({ channel, text: JSON.stringify(told) });
  }
  return notices;
}

function changedIn({ type, data }: EventEnvelope): Changed[] {
  if (!type.startsWith('booking.appointment-')) return [];
  const { appointmentId, providerId, practiceId } = data as {
    appointmentId: string;
    providerId: string;
    practiceId: string;
  };
  return [{ id: appointmentId, providerId, practiceId }];
}

/** Listens until it is closed. */
export const listenForAppointments = (url: string, log: Logger): { close(): Promise<void> } =>
  listenForNotices({
    url,
    channel,
    log,
    onNotice: deliver,
    onConnected: () => {
      // What was announced meanwhile is lost: who watches one appointment looks again, who watches many subscribes anew.
      for (const [key, queues] of topics) {
        for (const queue of queues) {
          if (key.startsWith('id:')) queue.push(key.slice(3));
          else queue.lose();
        }
      }
    },
  });

function deliver(payload: string): void {
  for (const [id, providerId, practiceId] of JSON.parse(payload) as [string, string, string][]) {
    for (const key of [`id:${id}`, `providerId:${providerId}`, `practiceId:${practiceId}`]) {
      for (const queue of topics.get(key) ?? []) queue.push(id);
    }
  }
}
