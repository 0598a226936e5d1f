// `npm run kafka:topics`: makes the catalogue's topics on the Kafka that KAFKA_BROKERS names, and brings the settings of
// those that exist up to date. Safe to run again; `--list` only says what it would make.
import { topics } from '@caregraph/contracts';
import { makeTopics } from './given.js';

if (process.argv.includes('--list')) {
  console.table(topics().map(({ name, compacted, retentionMs }) => ({ name, compacted, retentionMs })));
} else if (!process.env.KAFKA_BROKERS) {
  console.error('usage: KAFKA_BROKERS=host:port npm run kafka:topics [-- --list]');
  process.exitCode = 2;
} else {
  console.table(await makeTopics(process.env));
}
