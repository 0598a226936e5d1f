// A stack that runs: its processes, what is written about them, and how to stop, kill and start them.
import fs from 'node:fs';
import type { RunningPostgres } from '@caregraph/testing';
import { AppProcess } from './app-process.js';
import { commandOf, type CommandParts } from './command.js';
import type { AppDefinition } from './apps.js';
import type { Collector } from './collector.js';
import { openControlPort, type ControlPort, type Controls } from './control.js';
import { audience, issuerUrl, urlOf } from './environment.js';
import { demoLogins } from './logins.js';
import { openLog, type AppLog } from './logs.js';
import type { StackKafka } from '../kafka/stack-kafka.js';
import { stackFileOf, writeStackFile, type DemoLogin, type StackFile } from './stack-file.js';

interface Parts extends CommandParts {
  readonly apps: readonly AppDefinition[];
  readonly collector: Collector;
  readonly kafka: StackKafka | undefined;
  readonly postgres: RunningPostgres;
  readonly startPostgres: () => Promise<RunningPostgres>;
  readonly say: (line: string) => void;
  readonly show: (line: string) => void;
  readonly onStopped: () => void;
}

export class RunningStack implements Controls {
  private readonly processes: Map<string, AppProcess>;
  /** Second processes of an app: before they take its place, and after they have given it up. */
  private readonly beside = new Set<AppProcess>();
  private readonly logs: AppLog[] = [];
  private readonly startedAt = new Date().toISOString();
  private control: ControlPort | undefined;
  private postgres: RunningPostgres;
  private logins: Record<string, DemoLogin> = {};
  private stopping: Promise<void> | undefined;
  private tellStopped: () => void = () => undefined;
  /** Resolves when all has been stopped. */
  readonly stopped = new Promise<void>((resolve) => {
    this.tellStopped = resolve;
  });

  constructor(private readonly parts: Parts) {
    this.postgres = parts.postgres;
    this.processes = new Map(parts.apps.map((app) => [app.name, this.processOf(app)]));
  }

  get dir(): string {
    return this.parts.dir;
  }

  /** Path of `stack.json`. */
  get file(): string {
    return stackFileOf(this.parts.dir);
  }

  /** What `stack.json` holds. */
  describe(): StackFile {
    const { postgres } = this;
    const { place, apps, mode, kafka } = this.parts;
    const issuer = issuerUrl(place);
    return {
      startedAt: this.startedAt,
      mode,
      supervisor: { pid: process.pid },
      graphql: `${urlOf(place, 'gateway')}/graphql`,
      subscriptions: `${urlOf(place, 'gateway').replace('http', 'ws')}/graphql`,
      urls: Object.fromEntries(apps.map(({ name }) => [name, urlOf(place, name)])),
      ports: place.ports,
      pids: Object.fromEntries([...this.processes].map(([name, process]) => [name, process.pid])),
      postgres: { pid: postgres.pid, port: postgres.port, dir: postgres.dir },
      ...(kafka && { kafka: { brokers: kafka.brokers, pid: kafka.broker?.pid ?? null } }),
      databases: Object.fromEntries(
        Object.entries(place.databases).map(([name, { url, ownerUrl }]) => [name, { url, ownerUrl }]),
      ),
      identityProvider: {
        issuer,
        audience,
        jwksUrl: `${issuer}/jwks`,
        tokenUrl: `${urlOf(place, 'sandbox')}/demo/token`,
      },
      logins: this.logins,
      control: { url: this.control?.url ?? '', token: place.secrets.controlToken },
      stripe: {
        publishableKey: place.secrets.stripePublishableKey,
      },
    };
  }

  /** Starts the apps stage by stage, each stage when the one before is ready. */
  async startAll(signal?: AbortSignal): Promise<void> {
    const { place, collector } = this.parts;
    this.control = await openControlPort(this, place.secrets.controlToken, (traceId) =>
      collector.spans(traceId),
    );
    for (const stage of this.stages()) {
      signal?.throwIfAborted();
      for (const app of stage) this.process(app).start();
      await Promise.all(stage.map((app) => this.process(app).waitReady()));
    }
    signal?.throwIfAborted();
    // The supervisor's specs run other apps, without an identity provider.
    if (this.parts.apps.some(({ name, entry }) => name === 'sandbox' && entry === undefined)) {
      this.logins = await demoLogins(urlOf(this.parts.place, 'sandbox'));
    }
    this.write();
  }

  /** Resolves when the app, or each that is meant to run, answers that it is ready. */
  async waitReady(app?: string): Promise<void> {
    const waiting =
      app === undefined
        ? [...this.processes.values()].filter(({ isWanted }) => isWanted)
        : [this.process(app)];
    await Promise.all(waiting.map((process) => process.waitReady()));
  }

  kill(app: string, signal: NodeJS.Signals = 'SIGKILL'): void {
    this.process(app).kill(signal);
  }

  async restart(app: string): Promise<void> {
    await this.stopApp(app);
    await this.startApp(app);
  }

  async stopApp(app: string): Promise<void> {
    await this.process(app).stop();
  }

  async startApp(app: string): Promise<void> {
    this.process(app).start();
    await this.process(app).waitReady();
  }

  /** Starts the app a second time, on a port of its own; resolves when it is ready. `takePlace` makes it the app's. */
  async startBeside(app: string, port: number): Promise<AppProcess> {
    const definition = this.parts.apps.find(({ name }) => name === app);
    if (!definition) throw new Error(`No app ${app}.`);
    const process = this.processOf(definition, port);
    this.beside.add(process);
    process.start();
    await process.waitReady();
    return process;
  }

  /** From now on it is the app's process. The former is answered; it runs on. */
  takePlace(app: string, next: AppProcess): AppProcess {
    const former = this.process(app);
    this.beside.delete(next);
    this.beside.add(former);
    this.processes.set(app, next);
    this.write();
    return former;
  }

  stopPostgres(): Promise<void> {
    return this.postgres.stop('immediate');
  }

  async startPostgres(): Promise<void> {
    this.postgres = await this.parts.startPostgres();
    this.write();
  }

  async killBroker(): Promise<void> {
    await this.parts.kafka?.broker?.kill();
  }

  async startBroker(): Promise<void> {
    await this.parts.kafka?.broker?.start();
    this.write();
  }

  /** Stops all: the gateway first, PostgreSQL last. */
  stop(): Promise<void> {
    return (this.stopping ??= this.stopAll());
  }

  /** Ends all at once, without asking. PostgreSQL recovers by itself at the next start. */
  terminate(): void {
    for (const app of [...this.beside, ...this.processes.values()]) {
      void app.stop();
      app.kill('SIGKILL');
    }
    void this.parts.kafka?.broker?.kill();
    try {
      process.kill(this.postgres.pid, 'SIGQUIT');
    } catch {
      // It has ended already.
    }
  }

  private async stopAll(): Promise<void> {
    await Promise.all([...this.beside].map((process) => process.stop()));
    for (const stage of this.stages().reverse()) {
      await Promise.all(stage.map((app) => this.process(app).stop()));
    }
    await this.control?.close();
    await this.parts.collector.close();
    await this.parts.kafka?.broker?.stop();
    await this.postgres.stop();
    for (const log of this.logs) log.close();
    fs.rmSync(this.file, { force: true });
    this.parts.onStopped();
    this.tellStopped();
  }

  private stages(): string[][] {
    const numbers = [...new Set(this.parts.apps.map(({ stage }) => stage))].sort((one, other) => one - other);
    return numbers.map((number) =>
      this.parts.apps.filter(({ stage }) => stage === number).map(({ name }) => name),
    );
  }

  private process(app: string): AppProcess {
    const process = this.processes.get(app);
    if (!process) throw new Error(`No app ${app}; there are ${[...this.processes.keys()].join(', ')}.`);
    return process;
  }

  private processOf(app: AppDefinition, port?: number): AppProcess {
    const { dir, say, show } = this.parts;
    const log = openLog(dir, app.name, show);
    this.logs.push(log);
    const changed = (): void => {
      this.write();
    };
    return new AppProcess(commandOf(app, this.parts, port), log, changed, say);
  }

  private write(): void {
    // Also while starting and stopping: the next supervisor must find what this one leaves if it is killed.
    if (this.control) writeStackFile(this.parts.dir, this.describe());
  }
}
