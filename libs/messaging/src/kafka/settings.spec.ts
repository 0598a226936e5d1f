import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { silent } from '../app.contract.js';
import { kafkaOptions } from './settings.js';

describe("Kafka's settings", () => {
  it('are plain text and no login unless something else is said', () => {
    const options = kafkaOptions({ KAFKA_BROKERS: ['a:9092'] }, silent);
    expect(options).toMatchObject({ brokers: ['a:9092'], tls: undefined, sasl: undefined });
  });

  it('read the certificates of mutual TLS from their files', () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-settings-'));
    const file = (name: string): string => {
      fs.writeFileSync(path.join(dir, name), name);
      return path.join(dir, name);
    };
    const { tls } = kafkaOptions(
      {
        KAFKA_TLS: true,
        KAFKA_TLS_CA: file('ca.crt'),
        KAFKA_TLS_CERT: file('user.crt'),
        KAFKA_TLS_KEY: file('user.key'),
      },
      silent,
    );
    expect(tls).toEqual({ ca: ['ca.crt'], cert: 'user.crt', key: 'user.key' });
    fs.rmSync(dir, { recursive: true });
  });

  it('log in by name and password', () => {
    const login = { KAFKA_SASL_USERNAME: 'booking', KAFKA_SASL_PASSWORD: 'secret' };
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
      expect(kafkaOptions({ KAFKA_SASL_MECHANISM: mechanism, ...login }, silent).sasl).toEqual({
        mechanism,
        username: 'booking',
        password: 'secret',
      });
    }
  });
});
