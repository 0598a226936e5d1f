import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { Load } from './load.js';

const request = (): Pick<FastifyReply, 'raw'> & { answered: () => void } => {
  const raw = new EventEmitter() as unknown as FastifyReply['raw'];
  return { raw, answered: () => raw.emit('close') };
};

describe('load', () => {
  let registry: Registry;
  let load: Load;
  beforeEach(() => {
    registry = new Registry();
    load = new Load({ LOAD_MOST_UNDER_WAY: 2, LOAD_MOST_WAITING: 1, LOAD_MOST_LAG_MS: 100 }, registry);
  });
  afterEach(() => {
    load.stop();
  });

  it('takes so many requests at once, lets a few wait, and sends the others away at once', async () => {
    const [one, other] = [request(), request()];
    expect(await load.admits(one)).toBe(true);
    expect(await load.admits(other)).toBe(true);
    const waiting = load.admits(request());
    expect(await load.admits(request())).toBe(false);
    expect(await registry.metrics()).toMatch(/load_under_way 2[^]*load_waiting 1/);
    one.answered();
    expect(await waiting).toBe(true);
    expect(await registry.metrics()).toMatch(/load_shed_total\{reason="full"\} 1/);
  });

  it('has places for what has no reply, and begins nothing that stays for long while all are taken', async () => {
    const leave = await load.place();
    await load.place();
    expect(load.takesMore()).toBe(true);
    const waiting = load.place();
    expect(load.takesMore()).toBe(false);
    expect(await load.place()).toBeUndefined();
    leave?.();
    expect(await waiting).toBeDefined();
    expect(load.takesMore()).toBe(true);
    load.judge(101);
    load.judge(101);
    expect(load.takesMore()).toBe(false);
    expect(await registry.metrics()).toMatch(/load_shed_total\{reason="full"\} 2[^]*reason="lag"\} 1/);
  });

  it('lets nobody wait for longer than a second', async () => {
    await Promise.all([load.admits(request()), load.admits(request())]);
    expect(await load.admits(request())).toBe(false);
    expect(await registry.metrics()).toMatch(/load_waiting 0/);
  });

  it('gives the place of one who hung up in the line to the next', async () => {
    const [one, other, gone] = [request(), request(), request()];
    await Promise.all([load.admits(one), load.admits(other)]);
    const waiting = load.admits(gone);
    Object.assign(gone.raw, { destroyed: true });
    one.answered();
    await waiting;
    expect(await registry.metrics()).toMatch(/load_under_way 1/);
  });

  it('takes nothing new while the event loop is behind, and everything again afterwards', async () => {
    load.judge(101);
    expect(await load.admits(request())).toBe(true);
    load.judge(101);
    expect(await load.admits(request())).toBe(false);
    load.judge(99);
    expect(await load.admits(request())).toBe(true);
    expect(await registry.metrics()).toMatch(/load_shed_total\{reason="lag"\} 1/);
  });

  it('notices by itself that the event loop is behind', async () => {
    const until = performance.now() + 5_000;
    let admitted = true;
    while (admitted && performance.now() < until) {
      const busyUntil = performance.now() + 300;
      while (performance.now() < busyUntil);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const one = request();
      admitted = await load.admits(one);
      one.answered();
    }
    expect(admitted).toBe(false);
  });
});
