// One Kafka node on loopback, broker and controller in a small process, for tests and `npm start -- --kafka`.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { lockFolder } from '../stack/lock.js';
import { choosePorts } from '../stack/ports.js';
import { isAlive, pause, startTimeOf } from '../stack/processes.js';
import { securedListener, securedName, type Login, type SecuredListener } from './secured.js';
import { installKafka, type KafkaInstallation } from './install.js';

export interface Broker {
  /** What KAFKA_BROKERS names. */
  readonly brokers: string;
  readonly port: number;
  /** The door with TLS and a login, where one was asked for. */
  readonly secured: { readonly brokers: string; readonly certificate: string } | undefined;
  /** Null while it does not run. */
  readonly pid: number | null;
  /** Ends it with SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and ports. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  /** Data, settings and log lie here. One broker per folder. */
  readonly dir: string;
  readonly say?: (line: string) => void;
  /** Opens a second door, with TLS, for this login. */
  readonly login?: Login;
}

interface Ports {
  readonly broker?: number;
  readonly controller?: number;
  readonly secured?: number;
}

const readyWithinMs = 60_000;
const stopsWithinMs = 15_000;

/** Starts a broker, after stopping one that a killed run left in the folder. */
export async function startBroker({ dir, login, say = () => undefined }: BrokerOptions): Promise<Broker> {
  const kafka = installKafka(say);
  fs.mkdirSync(dir, { recursive: true });
  const unlock = lockFolder(dir);
  try {
    await stopLeftoverBroker(dir);
    const ports: Ports = await choosePorts(['broker', 'controller', 'secured']);
    const listener = login && securedListener(dir, kafka.java, login);
    const node = new KafkaNode(dir, kafka, ports, listener, unlock);
    node.format();
    await node.start();
    return node;
  } catch (error) {
    await stopLeftoverBroker(dir);
    unlock();
    throw error;
  }
}

/** Ends the broker of that folder whose owner was killed. Its pid counts only together with its time of birth. */
export async function stopLeftoverBroker(dir: string): Promise<void> {
  const file = pidFileOf(dir);
  if (!fs.existsSync(file)) return;
  const { pid, startTime } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    pid: number;
    startTime: string | null;
  };
  const same = (): boolean => isAlive(pid) && startTimeOf(pid) === startTime;
  if (same()) process.kill(pid, 'SIGKILL');
  while (same()) await pause(20);
  fs.rmSync(file, { force: true });
}

const pidFileOf = (dir: string): string => path.join(dir, 'broker.pid.json');

class KafkaNode implements Broker {
  private child: ChildProcess | null = null;

  constructor(
    private readonly dir: string,
    private readonly kafka: KafkaInstallation,
    private readonly ports: Ports,
    private readonly listener: SecuredListener | undefined,
    private readonly unlock: () => void,
  ) {}

  get port(): number {
    return this.ports.broker ?? 0;
  }

  get brokers(): string {
    return `127.0.0.1:${this.port}`;
  }

  get secured(): Broker['secured'] {
    const brokers = `127.0.0.1:${this.ports.secured ?? 0}`;
    return this.listener && { brokers, certificate: this.listener.certificate };
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Writes the settings, and prepares the storage where that was not done before. */
  format(): void {
    fs.writeFileSync(this.settings, settingsOf(this.dir, this.ports, this.listener));
    if (fs.existsSync(path.join(this.dir, 'data/meta.properties'))) return;
    const id = randomBytes(16).toString('base64url');
    const command = ['kafka.tools.StorageTool', 'format', '-c', this.settings, `--cluster-id=${id}`];
    const { status, stdout, stderr } = spawnSync(
      this.kafka.java,
      [...this.jvm('-Xmx128m'), ...command, ...(this.listener?.formatArguments ?? [])],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`Kafka's storage could not be formatted:\n${stdout}\n${stderr}`);
  }

  async start(): Promise<void> {
    if (this.child) return;
    const log = fs.openSync(path.join(this.dir, 'broker.log'), 'a');
    const child = spawn(
      this.kafka.java,
      [...this.jvm('-Xmx320m', '-Xms128m'), 'kafka.Kafka', this.settings],
      {
        // A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops all in order.
        detached: true,
        stdio: ['ignore', log, log],
      },
    );
    fs.closeSync(log);
    this.child = child;
    child.once('exit', () => {
      this.child = null;
    });
    const owner = { pid: child.pid, startTime: startTimeOf(child.pid ?? 0) };
    fs.writeFileSync(pidFileOf(this.dir), JSON.stringify(owner), { mode: 0o600 });
    const deadline = Date.now() + readyWithinMs;
    while (!(await listens(this.port))) {
      if (this.pid === null || Date.now() > deadline)
        throw new Error(`Kafka does not start:\n${this.tail()}`);
      await pause(50);
    }
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    const patience = setTimeout(() => this.child?.kill('SIGKILL'), stopsWithinMs);
    await this.end('SIGTERM');
    clearTimeout(patience);
    fs.rmSync(pidFileOf(this.dir), { force: true });
    this.unlock();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    child.kill(signal);
    await ended;
  }

  private get settings(): string {
    return path.join(this.dir, 'server.properties');
  }

  private jvm(...heap: string[]): string[] {
    const quick = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Djava.awt.headless=true'];
    return [...heap, ...quick, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', this.kafka.classPath];
  }

  private tail(): string {
    return fs.readFileSync(path.join(this.dir, 'broker.log'), 'utf8').split('\n').slice(-30).join('\n');
  }
}

/** The port opens when the broker has caught up with its controller. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

const settingsOf = (dir: string, ports: Ports, listener: SecuredListener | undefined): string => {
  const clients = `CLIENTS://127.0.0.1:${ports.broker ?? 0}`;
  const controller = `127.0.0.1:${ports.controller ?? 0}`;
  const secured = listener ? [`${securedName}://127.0.0.1:${ports.secured ?? 0}`] : [];
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    listeners: [clients, `CONTROLLER://${controller}`, ...secured].join(),
    'advertised.listeners': [clients, ...secured].join(),
    'listener.security.protocol.map': `CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT,${securedName}:SASL_SSL`,
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': path.join(dir, 'data'),
    ...small,
    ...listener?.settings,
  })
    .map(([name, value]) => `${name}=${String(value)}\n`)
    .join('');
};

/** One node for few clients, which come and go. */
const small = {
  'auto.create.topics.enable': false,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  // Members join within moments of each other, or one alone: there is nothing to wait for.
  'group.initial.rebalance.delay.ms': 0,
  // After a kill the controller waits for the old session to end before it lets the broker in again.
  'broker.session.timeout.ms': 2_000,
  'broker.heartbeat.interval.ms': 500,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'log.cleaner.dedupe.buffer.size': 16_777_216,
};
