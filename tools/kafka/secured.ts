// A second door of the broker, with TLS and a login, so that the settings for both are tried against the real thing.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface SecuredListener {
  readonly settings: Readonly<Record<string, string>>;
  /** For the storage tool: how the login becomes known. */
  readonly formatArguments: readonly string[];
  /** The broker's own certificate, PEM: who trusts it, trusts the broker. */
  readonly certificate: string;
}

export const securedName = 'SECURED';

/** Makes a key and a certificate for loopback in the folder, by Java's own tool. */
export function securedListener(dir: string, java: string, { username, password }: Login): SecuredListener {
  const keystore = path.join(dir, 'broker.p12');
  const certificate = path.join(dir, 'broker.crt');
  const keytool = java === 'java' ? 'keytool' : path.join(path.dirname(java), 'keytool');
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', password, '-alias', 'broker'];
  const pair = ['-genkeypair', '-keyalg', 'EC', '-dname', 'CN=127.0.0.1', '-ext', 'SAN=IP:127.0.0.1'];
  fs.rmSync(keystore, { force: true });
  for (const args of [
    [...pair, ...store],
    ['-exportcert', '-rfc', '-file', certificate, ...store],
  ]) {
    const { status, stdout, stderr } = spawnSync(keytool, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`keytool failed:\n${stdout}\n${stderr}`);
  }
  const listener = `listener.name.${securedName.toLowerCase()}`;
  return {
    certificate,
    formatArguments: ['--add-scram', `SCRAM-SHA-512=[name=${username},password=${password}]`],
    settings: {
      [`${listener}.ssl.keystore.location`]: keystore,
      [`${listener}.ssl.keystore.type`]: 'PKCS12',
      [`${listener}.ssl.keystore.password`]: password,
      [`${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-512',
      [`${listener}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`,
      [`${listener}.scram-sha-512.sasl.jaas.config`]:
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    },
  };
}
