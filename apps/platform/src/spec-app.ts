// The platform as the specs see it: a database of its own, the graph asked as this or that person, and what left by the outbox.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { graphql } from 'graphql';
import pg from 'pg';
import { practiceChanged, type EventEnvelope } from '@caregraph/contracts';
import { migrateDatabase, openDatabase, systemViewer, type Role, type Viewer } from '@caregraph/runtime';
import { buildSubgraph, masked } from '@caregraph/subgraph';
import { suiteDatabase } from '@caregraph/testing';
import { databaseParts } from './database.js';
import type { Deps } from './deps.js';
import { onPracticeChanged } from './practice/known-practice.js';
import { schemaParts } from './schema.js';

export const now = new Date('2026-06-07T12:00:00Z');

const nobody: Viewer = { ...systemViewer, memberships: [], requestId: 'spec' };
/** Has shown a second factor a moment ago. */
const person = (account: string): Viewer => ({
  ...nobody,
  account,
  sid: `session-of-${account}`,
  amr: ['otp'],
  authTime: Math.floor(Date.now() / 1_000),
});
export const anonymous: Viewer = { ...nobody, sid: 'anonymous' };
export const patient = person('patient');
export const support: Viewer = {
  ...person('support'),
  memberships: [{ practiceId: null, role: 'support' }],
};
export const memberOf = (practiceId: string, role: Role, account = `${role}-${practiceId}`): Viewer => ({
  ...person(account),
  memberships: [{ practiceId, role }],
});
export const withoutFactor = (viewer: Viewer): Viewer => ({ ...viewer, amr: ['pwd'] });

type Answer = Record<string, unknown> & { readonly code?: string; readonly id?: string };
interface Asking {
  readonly viewer?: Viewer;
  readonly realNow?: Date;
}

export type SpecApp = Awaited<ReturnType<typeof specApp>>;

export async function specApp() {
  const database = await suiteDatabase('platform');
  await migrateDatabase(database.ownerUrl, databaseParts);
  const orm = await openDatabase(database.url, databaseParts);
  const { schema } = await buildSubgraph(schemaParts);
  const deps = ({ viewer = support, realNow = new Date() }: Asking = {}): Deps => ({
    em: orm.em.fork(),
    viewer,
    now,
    realNow,
    sessionMaxHours: 720,
    requestId: 'spec',
  });
  const rows = (sql: string, params: unknown[] = []): Promise<Record<string, unknown>[]> =>
    orm.em.fork().execute(sql, params);

  /** The answer's one root field; throws what the graph threw. */
  const ask = async <Result>(source: string, variables: object, asking?: Asking): Promise<Result> => {
    const result = await graphql({
      schema,
      source,
      variableValues: { ...variables },
      contextValue: deps(asking),
    });
    const [error] = result.errors ?? [];
    if (error) throw Object.assign(new Error(error.message), masked(error, 'spec', error.path).extensions);
    return Object.values(JSON.parse(JSON.stringify(result.data)) as object)[0] as Result;
  };
  const mutate = (name: string, input: object, asking?: Asking, selection = ''): Promise<Answer> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const outcome = `__typename ... on DomainError { code message } ${selection}`;
    return ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${outcome} } }`, { input }, asking);
  };

  return {
    deps,
    rows,
    tamper: tampering(database.ownerUrl),
    ask,
    mutate,
    /** A practice that the platform has heard of, as scheduling tells of it. */
    practice: async (): Promise<string> => {
      const practiceId = randomUUID();
      const event = practiceChanged.of({ ...practiceChanged.example, practiceId });
      const told = { ...event, subject: practiceId } as unknown as EventEnvelope;
      await orm.em.fork().transactional((em) => onPracticeChanged.prepare(told)({ ...deps(), em }));
      return practiceId;
    },
    ...reading(rows),
    close: async () => {
      await orm.close();
      await database.drop();
    },
  };
}

/** Changes what nobody may change, as the owner of the database, with the triggers away. */
const tampering =
  (ownerUrl: string) =>
  async (sql: string, params: unknown[] = []): Promise<void> => {
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    try {
      await owner.query('alter table audit_entry disable trigger user');
      await owner.query(sql, params);
      await owner.query('alter table audit_entry enable trigger user');
    } finally {
      await owner.end();
    }
  };

/** What stands in the tables, as the specs compare it. */
const reading = (rows: (sql: string, params: unknown[]) => Promise<Record<string, unknown>[]>) => ({
  /** The events of one key that left, oldest first. */
  events: async (key: string): Promise<unknown[]> => {
    const found = (await rows('select payload from outbox where aggregateid = ? order by seq', [key])) as {
      payload: EventEnvelope;
    }[];
    return found.map(({ payload }) => payload.data);
  },
  /** What the trail says of a subject: in which role, who, what, to whom. */
  trail: async (subjectId: string): Promise<unknown[]> => {
    const found = await rows(
      'select type, actor_type, actor_sub, data, whom from audit_entry where subject_id = ? order by seq',
      [subjectId],
    );
    return found.map(({ type, actor_type, actor_sub, data, whom }) => [
      type,
      actor_type,
      actor_sub,
      { ...(data as object), ...(whom as object | null) },
    ]);
  },
});
