// One app as a process: started, watched, started again when it dies, stopped with patience and then without.
import { spawn, type ChildProcess } from 'node:child_process';
import type { AppLog } from './logs.js';
import { pause } from './processes.js';

export interface AppCommand {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 when the app can work. */
  readonly readyUrl: string;
}

/** How long an app may take to close before it is killed. */
const graceMs = 10_000;
/** An app that lived that long died of something new: its backoff starts again. */
const healthyAfterMs = 30_000;
/** An app that never was ready and died that often is broken, not unlucky. */
const deathsBeforeGivingUp = 3;

export class AppProcess {
  private child: ChildProcess | null = null;
  private wanted = false;
  private wasReady = false;
  private deaths = 0;
  private startedAt = 0;
  private restartTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly command: AppCommand,
    private readonly log: AppLog,
    private readonly changed: () => void,
    private readonly say: (line: string) => void,
  ) {}

  get name(): string {
    return this.command.name;
  }

  /** Null while it does not run. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Whether it is meant to run. */
  get isWanted(): boolean {
    return this.wanted;
  }

  get gaveUp(): boolean {
    return !this.wasReady && this.deaths >= deathsBeforeGivingUp;
  }

  start(): void {
    this.wanted = true;
    if (this.child) return;
    clearTimeout(this.restartTimer);
    this.startedAt = Date.now();
    const child = spawn(process.execPath, this.command.args, {
      cwd: this.command.cwd,
      env: this.command.env,
      // A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops all in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.log.write('stdout', text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.log.write('stderr', text);
    });
    child.once('error', (error) => {
      this.log.write('stderr', `${error.message}\n`);
    });
    child.once('exit', (code, signal) => {
      this.ended(code, signal);
    });
    this.changed();
  }

  /** Sends a signal; the app is started again if it dies of it. */
  kill(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /**
   * Ends it and leaves it ended; answers its exit code or the signal that it died of.
   * @param patienceMs after it the process is killed.
   */
  async stop(patienceMs = graceMs): Promise<number | NodeJS.Signals | null> {
    this.wanted = false;
    clearTimeout(this.restartTimer);
    const child = this.child;
    if (!child) return null;
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve(code ?? signal);
      });
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.kill('SIGTERM');
    // A stopped process (SIGSTOP) takes no SIGTERM until it continues.
    child.kill('SIGCONT');
    const how = await ended;
    clearTimeout(patience);
    return how;
  }

  /** Resolves when it answers that it is ready; rejects when it is stopped, broken, or too slow. */
  async waitReady(timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await this.answersReady())) {
      if (this.gaveUp) throw new Error(`${this.name} does not start:\n${this.log.tail()}`);
      if (!this.wanted) throw new Error(`${this.name} was stopped before it was ready.`);
      if (Date.now() > deadline)
        throw new Error(`${this.name} is not ready after ${timeoutMs / 1000} s:\n${this.log.tail()}`);
      await pause(60);
    }
    this.wasReady = true;
  }

  private async answersReady(): Promise<boolean> {
    if (!this.child) return false;
    try {
      const response = await fetch(this.command.readyUrl, { signal: AbortSignal.timeout(5_000) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.child = null;
    this.changed();
    if (!this.wanted) return;
    this.deaths = Date.now() - this.startedAt > healthyAfterMs ? 1 : this.deaths + 1;
    if (this.gaveUp) return;
    const delayMs = backoff(this.deaths);
    this.say(`[${this.name}] ended with ${signal ?? String(code)}; starts again in ${delayMs} ms`);
    this.restartTimer = setTimeout(() => {
      this.start();
    }, delayMs);
  }
}

/** How long to wait before the next start, after so many deaths in a row, milliseconds: 250 doubled, at most 10 s. */
export const backoff = (deaths: number): number => Math.min(10_000, 250 * 2 ** (deaths - 1));
