// Kafka: what carries events in production. kafkajs lies behind it, and nothing of it is seen from outside.
import type { EventTransport } from '../event-transport.js';
import { Appender } from './appender.js';
import { makeClient, shortRetry, type KafkaOptions } from './client.js';
import { joinGroup, type GroupMember } from './group-member.js';
import { lagOf, orderMove } from './positions.js';
import { Reopened } from './reopened.js';

const sessionTimeoutMs = 10_000;

/** Opens a transport over the brokers. `createTopics` has made the topics: none comes to be by being written to. */
export function kafkaTransport(options: KafkaOptions): EventTransport {
  const { log } = options;
  const client = makeClient(options);
  const appender = new Appender(client);
  const admin = new Reopened(() => client.admin({ retry: { ...shortRetry, retries: 2 } }));
  const members = new Set<GroupMember>();

  return {
    append: (records) => appender.append(records),
    subscribe: async (subscription) => {
      const member = joinGroup({
        ...subscription,
        client,
        admin,
        log,
        sessionTimeoutMs: options.sessionTimeoutMs ?? sessionTimeoutMs,
      });
      members.add(member);
      await member.started;
      return {
        close: async () => {
          members.delete(member);
          await member.close();
        },
      };
    },
    lag: (group, topics) => admin.use((open) => lagOf(open, group, topics)),
    seek: (group, position) => orderMove(client, admin, group, position),
    close: async () => {
      await Promise.all([...members].map((member) => member.close()));
      await Promise.all([appender.close(), admin.close()]);
    },
  };
}
