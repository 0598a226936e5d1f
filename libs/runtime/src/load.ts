// How much at once: so many requests are worked on, a few wait for a moment, the others are sent away at once. Whoever
// takes all that comes answers all too late; who was sent away at once can try again, here or at another replica.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { FastifyReply } from 'fastify';

export interface LoadLimits {
  /** Requests that are worked on at the same time. */
  readonly LOAD_MOST_UNDER_WAY: number;
  /** Requests that wait for a place. */
  readonly LOAD_MOST_WAITING: number;
  /** The median delay of the event loop over each of two seconds, in milliseconds, from which on nothing new is taken. */
  readonly LOAD_MOST_LAG_MS: number;
}

export const defaultLoad: LoadLimits = {
  LOAD_MOST_UNDER_WAY: 256,
  LOAD_MOST_WAITING: 512,
  LOAD_MOST_LAG_MS: 500,
};

/** How long one may wait for a place, in milliseconds; then he is better off elsewhere. */
const waitingPatience = 1_000;
/** How often the delay of the event loop is looked at, in milliseconds. */
const lookEvery = 1_000;
/** What a client is told to wait, in seconds. */
export const shedRetryAfterSeconds = 1;

type Verdict = 'in' | 'full' | 'lag';

export class Load {
  private underWay = 0;
  private lagging = false;
  private wasBehind = false;
  private readonly line = new Set<(verdict: Verdict) => void>();
  private readonly delay = monitorEventLoopDelay({ resolution: 20 });
  private readonly look: NodeJS.Timeout;
  private readonly shed: Counter;

  private readonly limits: LoadLimits;

  /** What is left out of the limits is as in `defaultLoad`. */
  constructor(limits: Partial<LoadLimits>, registry: Registry) {
    this.limits = { ...defaultLoad, ...limits };
    const registers = [registry];
    this.shed = new Counter({
      name: 'caregraph_load_shed_total',
      help: 'Requests sent away unread, by reason: full (too many at once), lag (the event loop is behind).',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of ['full', 'lag']) this.shed.inc({ reason }, 0);
    const [under, waiting] = [(): number => this.underWay, (): number => this.line.size];
    new Gauge({
      name: 'caregraph_load_under_way',
      help: 'Requests that are worked on.',
      registers,
      collect() {
        this.set(under());
      },
    });
    new Gauge({
      name: 'caregraph_load_waiting',
      help: 'Requests that wait for a place.',
      registers,
      collect() {
        this.set(waiting());
      },
    });
    this.delay.enable();
    this.look = setInterval(() => {
      this.judge(this.delay.percentile(50) / 1e6);
      this.delay.reset();
    }, lookEvery).unref();
  }

  /**
   * Takes a request in until its answer is out or its caller has gone. False: answer UNAVAILABLE, it has no place.
   * At once, unless it has to wait for a place.
   */
  admits({ raw }: Pick<FastifyReply, 'raw'>): boolean | Promise<boolean> {
    const take = (verdict: Verdict): boolean => {
      const leave = this.taken(verdict);
      if (!leave) return false;
      if (raw.destroyed) leave();
      else raw.on('close', leave);
      return true;
    };
    const verdict = this.enter();
    return typeof verdict === 'string' ? take(verdict) : verdict.then(take);
  }

  /** Takes a place for what has no reply of its own, and answers how to give it back, once. Undefined: there is none. */
  async place(): Promise<(() => void) | undefined> {
    return this.taken(await this.enter());
  }

  private taken(verdict: Verdict): (() => void) | undefined {
    if (verdict === 'in')
      return () => {
        this.leave();
      };
    this.shed.inc({ reason: verdict });
    return undefined;
  }

  /** Whether something may begin that stays for long and so takes no place. False: answer UNAVAILABLE. */
  takesMore(): boolean {
    const { LOAD_MOST_UNDER_WAY: under, LOAD_MOST_WAITING: waiting } = this.limits;
    const isFull = this.underWay >= under && this.line.size >= waiting;
    if (!this.lagging && !isFull) return true;
    this.shed.inc({ reason: this.lagging ? 'lag' : 'full' });
    return false;
  }

  /**
   * Twice in a row is lag: one long task, such as another supergraph being read, fills a second's measurement alone.
   * @param medianMs the delay of the event loop.
   */
  judge(medianMs: number): void {
    const isBehind = medianMs > this.limits.LOAD_MOST_LAG_MS;
    this.lagging = isBehind && this.wasBehind;
    this.wasBehind = isBehind;
  }

  stop(): void {
    clearInterval(this.look);
    this.delay.disable();
  }

  private enter(): Verdict | Promise<Verdict> {
    if (this.lagging) return 'lag';
    if (this.underWay < this.limits.LOAD_MOST_UNDER_WAY) {
      this.underWay += 1;
      return 'in';
    }
    return this.line.size < this.limits.LOAD_MOST_WAITING ? this.wait() : 'full';
  }

  private wait(): Promise<Verdict> {
    return new Promise((resolve) => {
      const tooLong = setTimeout(() => {
        called('full');
      }, waitingPatience);
      const called = (verdict: Verdict): void => {
        clearTimeout(tooLong);
        this.line.delete(called);
        resolve(verdict);
      };
      this.line.add(called);
    });
  }

  /** The place goes to the first in the line. */
  private leave(): void {
    const [next] = this.line;
    if (next) next('in');
    else this.underWay -= 1;
  }
}
