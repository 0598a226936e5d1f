// A running subgraph for the specs of the server and of subscriptions: real fastify, real PostgreSQL, on loopback.
import 'reflect-metadata';
import type { IncomingHttpHeaders } from 'node:http';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import {
  createLogger,
  createMetrics,
  openDatabase,
  signViewer,
  systemViewer,
  type Closing,
  type LoadLimits,
  type Viewer,
} from '@caregraph/runtime';
import { suiteDatabase } from '@caregraph/testing';
import { badInput, startSubgraph, type RequestDeps } from './index.js';

export const keys = [{ kid: 'k1', secret: 'x'.repeat(32) }];
export const viewer: Viewer = { ...systemViewer, account: 'pat', memberships: [], requestId: 'r1' };

const NothingSchema = defineEntity({ name: 'Nothing', properties: { id: p.integer().primary() } });

/** What resolvers saw, and generators that ended. */
export const seen: RequestDeps[] = [];
export const ended: string[] = [];
/** One entry for each `waits` that got its row. */
export const executed: string[] = [];
/** Lets `waits` go on. */
export const waiting: (() => void)[] = [];

@ObjectType('Tick')
class TickObject {
  @Field(() => ID)
  id!: string;

  @Field(() => Int, { nullable: true })
  broken(): number {
    throw new Error('select canary from person');
  }
}

@Resolver()
export class SpecResolver {
  @Query(() => String)
  who(@Ctx() deps: RequestDeps): string {
    seen.push(deps);
    return deps.viewer.account ?? 'nobody';
  }

  @Query(() => String)
  async waits(@Ctx() deps: RequestDeps): Promise<string> {
    await new Promise<void>((resolve) => waiting.push(resolve));
    const rows = await deps.em.execute<{ done: string }[]>("select 'done' as done");
    executed.push(deps.requestId);
    return rows[0]?.done ?? '';
  }

  @Query(() => String, { nullable: true })
  async fails(@Ctx() deps: RequestDeps, @Arg('how', () => String) how: string): Promise<string> {
    if (how === 'input') throw badInput({ field: 'how', message: 'is wrong' });
    if (how === 'connection') await deps.em.execute('select pg_terminate_backend(pg_backend_pid())');
    if (how === 'sql') await deps.em.execute('select canary from person where id = ?', ['canary']);
    throw new Error('canary');
  }

  @Subscription(() => TickObject, {
    subscribe: ({ args, context }) => ticks(context as RequestDeps, (args as { id: string }).id),
  })
  ticked(@Root() tick: TickObject, @Ctx() _deps: RequestDeps, @Arg('id', () => ID) _id: string): TickObject {
    return tick;
  }
}

/** Ticks twice and then waits; `refused` is refused, `breaks` breaks after the first. */
async function* ticks(deps: RequestDeps, id: string): AsyncGenerator<TickObject> {
  seen.push(deps);
  try {
    if (id === 'refused') throw badInput({ field: 'id', message: 'may not tick' });
    for (let turn = 1; turn <= 2; turn += 1) {
      yield Object.assign(new TickObject(), { id: `${id}-${turn}` });
      if (id === 'breaks') throw new Error('canary');
    }
    await new Promise<void>((resolve) => {
      deps.left?.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    ended.push(id);
  }
}

export interface RunningSubgraph {
  readonly url: string;
  readonly lines: string[];
  readonly orm: MikroORM;
  send(body: string, over?: Sending): Promise<{ status: number; text: string; json: () => Answer }>;
  ask(query: string, variables?: object): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: Record<string, unknown>;
  }[];
}

interface Sending {
  /** Left out: one signed for the body. Null: none. */
  readonly token?: string | null;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: IncomingHttpHeaders;
}

export const sign = (body: string, over: Partial<Viewer> = {}): Promise<string> =>
  signViewer({ ...viewer, ...over }, { audience: 'spec', body, keys });

export async function runningSubgraph(
  env = 'production',
  limits: Partial<LoadLimits> & { readonly DRAIN_MS?: number } = {},
): Promise<RunningSubgraph> {
  const database = await suiteDatabase();
  const orm = await openDatabase(database.url, { entities: [NothingSchema], migrations: [] });
  const lines: string[] = [];
  const closing = closingByHand();
  const { port } = await startSubgraph({
    resolvers: [SpecResolver],
    entities: {},
    name: 'spec',
    config: { HOST: '127.0.0.1', PORT: 0, NODE_ENV: env, VIEWER_KEYS: keys, ...limits },
    orm,
    clock: { now: () => new Date(), onAdvance: () => () => undefined },
    log: createLogger('spec', 'info', { write: (line) => lines.push(line) }),
    probes: { checks: { database: () => orm.em.fork().execute('select 1') }, metrics: createMetrics('spec') },
    closing,
    deps: (request) => {
      if (request.requestId === 'no deps') throw new Error('canary');
      return request;
    },
    routes: (server) => {
      server.post('/webhooks/vendor', async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body.toString() : '';
        if (body.includes('break')) await orm.em.fork().execute('select ? :: uuid', ['canary']);
        return reply.send({ raw: body });
      });
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const send = sender(url);
  return {
    url,
    lines,
    orm,
    send,
    ask: async (query, variables = {}) => (await send(JSON.stringify({ query, variables }))).json(),
    close: async () => {
      await closing.close();
      await orm.close();
      await database.drop();
    },
  };
}

/** As `gracefulShutdown`, without the process's signals. */
function closingByHand(): Closing {
  const open: (() => unknown)[] = [];
  let over = false;
  return {
    add: (_name, close) => open.push(close),
    get closing() {
      return over;
    },
    close: async () => {
      over = true;
      for (const close of open.reverse()) await close();
    },
  };
}

const sender =
  (url: string): RunningSubgraph['send'] =>
  async (body, { token, path = '/graphql', method = 'POST', headers } = {}) => {
    const shown = token === undefined ? await sign(body) : token;
    const response = await fetch(url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(shown === null ? {} : { 'x-caregraph-viewer': shown }),
        ...(headers as Record<string, string>),
      },
      ...(method === 'POST' ? { body } : {}),
    });
    const text = await response.text();
    return { status: response.status, text, json: () => JSON.parse(text) as Answer };
  };
