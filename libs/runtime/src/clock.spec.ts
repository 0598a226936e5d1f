import http from 'node:http';
import { eventually } from '@caregraph/testing';
import { clockOf, createLogger, followSandboxClock, systemClock, type StoppableClock } from './index.js';

const hour = 3_600_000;

/** A clock as the sandbox serves it: the answer waits until the offset is another than the asked one. */
class ServedClock {
  offsetMs = 0;
  fails = false;
  asked: number[] = [];
  private waiting: (() => void)[] = [];
  private readonly server = http.createServer((request, response) => {
    const after = Number(new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('after'));
    this.asked.push(after);
    const answer = (): void => {
      response.statusCode = this.fails ? 500 : 200;
      response.end(this.fails ? 'broken' : JSON.stringify({ offsetMs: this.offsetMs }));
    };
    if (this.fails || after !== this.offsetMs) answer();
    else this.waiting.push(answer);
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  move(offsetMs: number): void {
    this.offsetMs = offsetMs;
    this.answerAll();
  }

  breakDown(): void {
    this.fails = true;
    this.answerAll();
  }

  get held(): number {
    return this.waiting.length;
  }

  private answerAll(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the clock of development', () => {
  let served: ServedClock;
  let url: string;
  let lines: string[];
  let clock: StoppableClock | undefined;
  const log = createLogger('spec', 'info', { write: (line) => lines.push(line) });

  beforeEach(async () => {
    lines = [];
    served = new ServedClock();
    url = await served.open();
  });
  afterEach(async () => {
    clock?.stop();
    await served.close();
  });

  const ahead = (): number => (clock?.now().getTime() ?? 0) - Date.now();

  it('starts with the offset that the sandbox has already', async () => {
    served.offsetMs = 2 * hour;
    clock = await followSandboxClock(url, log);
    expect(Math.abs(ahead() - 2 * hour)).toBeLessThan(1_000);
    expect(served.asked[0]).toBe(-1);
  });

  it('does not start while the sandbox cannot tell the time', async () => {
    served.fails = true;
    await expect(followSandboxClock(url, log)).rejects.toThrow('answered 500');
  });

  it('tells listeners how far it jumped, also back, until they stop listening', async () => {
    clock = await followSandboxClock(url, log);
    const jumps: number[] = [];
    const stop = clock.onAdvance((by) => jumps.push(by));
    served.move(hour);
    await eventually('the first jump', () => jumps[0]);
    expect(Math.abs(ahead() - hour)).toBeLessThan(1_000);
    served.move(hour / 2);
    await eventually('the jump back', () => jumps[1]);
    stop();
    served.move(3 * hour);
    await eventually('the last jump', () => (ahead() > 2 * hour ? true : undefined));
    expect(jumps).toEqual([hour, -hour / 2]);
  });

  it('tells all listeners, also when one of them fails', async () => {
    clock = await followSandboxClock(url, log);
    clock.onAdvance(() => {
      throw new Error('not I');
    });
    const jumps: number[] = [];
    clock.onAdvance((by) => jumps.push(by));
    served.move(hour);
    await eventually('the jump', () => jumps[0]);
    expect(lines.join('')).toContain('a listener to the clock failed');
    expect(lines.join('')).not.toContain('does not answer');
  });

  it('keeps its offset while the sandbox fails, and follows it again afterwards', async () => {
    served.offsetMs = hour;
    clock = await followSandboxClock(url, log);
    await eventually('the long question', () => served.held || undefined);
    served.breakDown();
    await eventually('the warning', () => (lines.join('').includes('does not answer') ? true : undefined));
    expect(Math.abs(ahead() - hour)).toBeLessThan(1_000);
    served.fails = false;
    served.move(2 * hour);
    await eventually('the new offset', () => (ahead() > 1.5 * hour ? true : undefined));
  });

  it('asks no more once it is stopped', async () => {
    clock = await followSandboxClock(url, log);
    await eventually('the long question', () => served.held || undefined);
    const asked = served.asked.length;
    const jumps: number[] = [];
    clock.onAdvance((by) => jumps.push(by));
    clock.stop();
    served.move(hour);
    // Another clock's whole round shows that the first had time to hear of it.
    const other = await followSandboxClock(url, log);
    other.stop();
    expect(served.asked.slice(asked)).toEqual(expect.arrayContaining([-1]));
    expect(served.asked.slice(asked).filter((after) => after !== -1 && after !== hour)).toEqual([]);
    expect(jumps).toEqual([]);
    expect(lines.join('')).not.toContain('does not answer');
  });
});

describe('the clock that the configuration asks for', () => {
  const silent = createLogger('spec', 'silent');

  it('is the machine’s, unless the sandbox is allowed and named', async () => {
    for (const config of [
      { ALLOW_SANDBOX: false, SANDBOX_URL: 'http://127.0.0.1:1' },
      { ALLOW_SANDBOX: true, SANDBOX_URL: undefined },
    ]) {
      const clock = await clockOf(config, silent);
      expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
      clock.stop();
    }
    expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000);
  });
});
