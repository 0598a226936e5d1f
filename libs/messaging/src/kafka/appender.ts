// Writes into Kafka, one request after the other. kafkajs gives the number of a failed request to the next one that
// asks: two at once, and the broker could take the second for a repetition of the first and drop it with a friendly
// answer. After a failure that its own retries did not mend, a new producer begins with numbers of its own.
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import type { EventRecord } from '../event-transport.js';
import { shortRetry } from './client.js';
import { Reopened } from './reopened.js';

/** A request stays below what brokers accept, which is a megabyte unless they were told otherwise; bytes. */
const mostBytes = 900_000;
/** What a record needs beside its key and value. */
const overhead = 100;

const headers = { 'content-type': 'application/cloudevents+json' };

export class Appender {
  private readonly producer: Reopened<Producer>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(client: Kafka) {
    this.producer = new Reopened(() =>
      client.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        retry: shortRetry,
      }),
    );
  }

  append(records: readonly EventRecord[]): Promise<void> {
    const appended = this.last.then(() => this.appendNow(records));
    this.last = appended.catch(() => undefined);
    return appended;
  }

  async close(): Promise<void> {
    await this.last;
    await this.producer.close();
  }

  private async appendNow(records: readonly EventRecord[]): Promise<void> {
    for (const request of requestsOf(records)) {
      await this.producer.use((producer) =>
        producer.sendBatch({
          acks: -1,
          topicMessages: [...request].map(([topic, messages]) => ({ topic, messages })),
        }),
      );
    }
  }
}

/** The records in their order, by topic, in as few requests as may be. */
export function requestsOf(records: readonly EventRecord[]): ReadonlyMap<string, Message[]>[] {
  const requests: Map<string, Message[]>[] = [];
  let bytes = Infinity;
  for (const { topic, key, envelope } of records) {
    const value = JSON.stringify(envelope);
    const size = Buffer.byteLength(value) + key.length + overhead;
    if (bytes + size > mostBytes) {
      requests.push(new Map());
      bytes = 0;
    }
    bytes += size;
    const request = requests.at(-1);
    const messages = request?.get(topic) ?? [];
    messages.push({ key, value, headers });
    request?.set(topic, messages);
  }
  return requests;
}
