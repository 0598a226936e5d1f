// Apache Kafka on this machine without a container: its jars from Maven, once, into the folder of tools. Works offline
// from then on.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const kafkaVersion = '4.1.1';
const slf4jVersion = '1.7.36';
const leastJava = 17;

const folder = path.resolve(import.meta.dirname, '../../.caregraph-tools/kafka');

export interface KafkaInstallation {
  readonly java: string;
  /** For `java -cp`. */
  readonly classPath: string;
}

/** Finds or installs Java and Kafka. Throws with what to do where it can do neither. */
export function installKafka(say: (line: string) => void): KafkaInstallation {
  const libs = path.join(folder, `libs-${kafkaVersion}`);
  const java = findJava() ?? installed('java', 'openjdk-17-jre-headless', findJava, say);
  if (!fs.existsSync(libs)) resolveJars(libs, say);
  return { java, classPath: path.join(libs, '*') };
}

/** A Java that is new enough: JAVA_HOME's, else the one on the path. */
function findJava(): string | undefined {
  const home = process.env.JAVA_HOME;
  const candidates = [...(home ? [path.join(home, 'bin/java')] : []), 'java'];
  return candidates.find((java) => {
    const { stderr, status } = spawnSync(java, ['-version'], { encoding: 'utf8' });
    return status === 0 && Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= leastJava;
  });
}

function findMaven(): string | undefined {
  return spawnSync('mvn', ['-v'], { stdio: 'ignore' }).status === 0 ? 'mvn' : undefined;
}

/** Installs a package of the system, where we may. */
function installed(
  what: string,
  packageName: string,
  find: () => string | undefined,
  say: (line: string) => void,
): string {
  const byHand = `Install it (Debian: apt-get install ${packageName}), or name a running broker by KAFKA_BROKERS.`;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0)
    throw new Error(`Kafka needs ${what}, which is not here. ${byHand}`);
  say(`installing ${packageName}`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', packageName], {
    DEBIAN_FRONTEND: 'noninteractive',
  });
  const found = find();
  if (found === undefined)
    throw new Error(`${packageName} was installed, and still there is no ${what}. ${byHand}`);
  return found;
}

/** The folder appears whole or not at all: of two runs at once the slower one throws its own away. */
function resolveJars(libs: string, say: (line: string) => void): void {
  const maven = findMaven() ?? installed('Maven', 'maven', findMaven, say);
  say(`fetching Apache Kafka ${kafkaVersion} by Maven, once`);
  fs.mkdirSync(folder, { recursive: true });
  const work = fs.mkdtempSync(path.join(folder, 'resolving-'));
  try {
    fs.writeFileSync(path.join(work, 'pom.xml'), pom);
    run(maven, ['-B', '-q', '-f', path.join(work, 'pom.xml'), copyDependencies, '-DoutputDirectory=libs']);
    if (!fs.existsSync(libs)) fs.renameSync(path.join(work, 'libs'), libs);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
}

const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

const dependency = (groupId: string, artifactId: string, version: string): string =>
  `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>caregraph.tools</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion)}
    ${dependency('org.slf4j', 'slf4j-simple', slf4jVersion)}
  </dependencies>
</project>
`;
