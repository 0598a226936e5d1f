import { z } from 'zod';
import { ConfigError, databaseConfig, readConfig } from './index.js';

const { KAFKA_BROKERS: brokers, ...variables } = databaseConfig.shape;
const kafka = Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('KAFKA_')));
const schema = z.object({ KAFKA_BROKERS: brokers, EVENT_LOG_URL: variables.EVENT_LOG_URL, ...kafka });

describe('what carries the events', () => {
  it('must be said, and is told together with all else that is wrong', () => {
    const read = (): unknown => readConfig(schema.extend({ PORT: z.coerce.number() }), { PORT: 'x' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/PORT[^]*KAFKA_BROKERS or EVENT_LOG_URL: one of them must say/);
  });

  it('is the embedded log or Kafka', () => {
    expect(readConfig(schema, { EVENT_LOG_URL: 'postgresql://x/event_log' }).KAFKA_BROKERS).toBeUndefined();
    expect(readConfig(schema, { KAFKA_BROKERS: 'one.example:9092, two.example:9092' }).KAFKA_BROKERS).toEqual(
      ['one.example:9092', 'two.example:9092'],
    );
    expect(() => readConfig(schema, { KAFKA_BROKERS: 'one.example' })).toThrow('must be host:port');
  });

  it('is refused with half a credential, or with certificates that nobody would look at', () => {
    const given = { KAFKA_BROKERS: 'one.example:9092' };
    expect(() => readConfig(schema, { ...given, KAFKA_SASL_USERNAME: 'booking' })).toThrow(
      /KAFKA_SASL_MECHANISM: is needed with KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD\n {2}KAFKA_SASL_PASSWORD/,
    );
    expect(() => readConfig(schema, { ...given, KAFKA_TLS: '1', KAFKA_TLS_CERT: 'a.crt' })).toThrow(
      'KAFKA_TLS_KEY: is needed with KAFKA_TLS_CERT',
    );
    expect(() => readConfig(schema, { ...given, KAFKA_TLS_CA: 'ca.crt' })).toThrow(
      'KAFKA_TLS_CA: means nothing unless KAFKA_TLS is set',
    );
  });
});
