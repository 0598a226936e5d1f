import { request as httpRequest } from 'node:http';
import type { PoolClient } from 'pg';
import { eventually } from '@caregraph/testing';
import { executed, runningSubgraph, seen, sign, waiting, type RunningSubgraph } from './spec-subgraph.js';

const waits = JSON.stringify({ query: '{ waits }' });
const who = JSON.stringify({ query: '{ who }' });

let app: RunningSubgraph;
beforeAll(async () => {
  app = await runningSubgraph();
});
afterAll(() => app.close());

/** Sends a request and hangs up; resolves when the other side has it. */
async function abandoned(body: string): Promise<() => void> {
  const { hostname, port } = new URL(app.url);
  const token = await sign(body);
  const sent = httpRequest({
    hostname,
    port,
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-caregraph-viewer': token },
  });
  sent.on('error', () => undefined);
  sent.end(body);
  return () => {
    sent.destroy();
  };
}

describe('a request whose caller does not wait any more', () => {
  it('is not executed when its time is over before it begins', async () => {
    seen.splice(0);
    const { status, json } = await app.send(who, { headers: { 'x-caregraph-timeout-ms': '0' } });
    expect(status).toBe(503);
    expect(json().errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE', requestId: 'r1' });
    expect(seen).toEqual([]);
  });

  it('gets no connection to the database any more once its time is over', async () => {
    const answer = app.send(waits, { headers: { 'x-caregraph-timeout-ms': '100' } });
    const goOn = await eventually('the resolver', () => waiting.pop());
    const sent = performance.now();
    await eventually('the time is over', () => performance.now() - sent > 120 || undefined);
    goOn();
    expect((await answer).json().errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
  });

  it('leaves the line for connections, so that those who come after it are answered', async () => {
    const pool = await app.orm.em.getConnection().getNativeClient();
    const held: PoolClient[] = [];
    while (held.length < 12) held.push(await pool.connect());
    const before = pool.waitingCount;
    const hangUps = await Promise.all(Array.from({ length: 30 }, () => abandoned(waits)));
    await eventually('all resolvers', () => waiting.length === 30 || undefined);
    for (const goOn of waiting.splice(0)) goOn();
    await eventually('all wait for a connection', () => pool.waitingCount === before + 30 || undefined);
    for (const hangUp of hangUps) hangUp();
    executed.splice(0);
    const patient = app.ask('{ waits }');
    (await eventually('the patient one', () => waiting.pop()))();
    for (const client of held) client.release();
    expect(await patient).toEqual({ data: { waits: 'done' } });
    await eventually('the line is empty', () => pool.waitingCount === 0 || undefined);
    // The patient one's alone: of the thirty that were left behind none was executed.
    expect(executed).toHaveLength(1);
  });
});

describe('a subgraph with too much to do', () => {
  it('sends away at once what it has no place for, and still says that it lives', async () => {
    const small = await runningSubgraph('production', { LOAD_MOST_UNDER_WAY: 1, LOAD_MOST_WAITING: 0 });
    const underWay = small.ask('{ waits }');
    const goOn = await eventually('the resolver', () => waiting.pop());
    const { status, json } = await small.send(who);
    expect(status).toBe(503);
    expect(json().errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE' });
    expect((await fetch(`${small.url}/healthz`)).status).toBe(200);
    goOn();
    expect(await underWay).toEqual({ data: { waits: 'done' } });
    expect((await small.send(who)).status).toBe(200);
    await small.close();
  });
});
