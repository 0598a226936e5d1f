// A client that asks once: what it is not answered, it is not answered. Every request goes into the history, and what is
// no answer or carries an error is a failure.
import { Pool } from 'undici';
import { understood, type Caller, type Definite, type Person, type Wish } from '../chaos/caller.js';
import type { History } from '../chaos/history.js';
import type { StackFile } from '../stack/stack-file.js';

/** A person's patience with an answer, milliseconds. */
const patienceMs = 20_000;
const connections = 32;

interface Answered {
  readonly text: string;
  readonly status: number;
  readonly session: string | undefined;
}

export class AskOnce implements Pick<Caller, 'ask'> {
  /** Each failure in words. */
  readonly failures: string[] = [];
  /** What was refused by the rules of the house, by code: an answer as good as any. */
  readonly refusals = new Map<string, number>();
  readonly tookMs: number[] = [];
  private readonly pool: Pool;

  constructor(
    private readonly history: History,
    private readonly read: () => StackFile,
  ) {
    this.pool = new Pool(new URL(read().graphql).origin, { connections, pipelining: 1 });
  }

  async ask<Data extends object>(person: Person, wish: Wish): Promise<Definite<Data>> {
    const request = this.history.nextRequest();
    const sentAt = this.history.now();
    const answer = await this.send(person, wish).catch((error: unknown) => error as Error);
    const heardAt = this.history.now();
    this.tookMs.push(heardAt - sentAt);
    const heard = answer instanceof Error ? noAnswer<Data>(answer) : understood<Data>(answer.text);
    const { outcome, code, data } = heard;
    this.history.add({
      kind: 'try',
      request,
      login: person.login,
      act: wish.act,
      key: wish.key ?? null,
      sentAt,
      heardAt,
      outcome,
      ...(code === undefined ? {} : { code }),
      ...toldIn(data),
      ...(answer instanceof Error ? {} : { answer: answer.text }),
    });
    const failure = failureOf(answer);
    const when = new Date().toISOString();
    if (failure !== undefined) this.failures.push(`${when} ${wish.act} (request ${request}): ${failure}`);
    if (outcome === 'refused') this.refusals.set(String(code), (this.refusals.get(String(code)) ?? 0) + 1);
    // What the load does next depends on what it knows; of what failed it knows nothing.
    return { outcome: outcome === 'lost' ? 'wrong' : outcome, code, data };
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async send(person: Person, wish: Wish): Promise<Answered> {
    const { statusCode, headers, body } = await this.pool.request({
      method: 'POST',
      path: '/graphql',
      headers: headersOf(this.read(), person, wish),
      body: JSON.stringify({ query: wish.document, variables: wish.variables }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await body.text();
    const given = headers['x-caregraph-session'];
    const session = typeof given === 'string' ? given : undefined;
    if (person.login === null) person.session ??= session;
    return { text, status: statusCode, session };
  }
}

function headersOf({ logins }: StackFile, { login, session }: Person, { key }: Wish): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(login === null ? {} : { authorization: `Bearer ${logins[login]?.token ?? ''}` }),
    ...(session === undefined ? {} : { 'x-caregraph-session': session }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
}

const noAnswer = <Data>(error: Error) => ({
  outcome: 'lost' as const,
  code: error.name,
  data: null as Data | null,
});

/** In words, unless it is a 200 without errors. */
export function failureOf(answer: Answered | Error): string | undefined {
  if (answer instanceof Error) return `${answer.name}: ${answer.message}`;
  if (answer.status !== 200) return `status ${answer.status}: ${answer.text.slice(0, 300)}`;
  try {
    const { errors } = JSON.parse(answer.text) as { errors?: unknown };
    return errors === undefined ? undefined : `errors: ${JSON.stringify(errors).slice(0, 300)}`;
  } catch {
    return `no JSON: ${answer.text.slice(0, 300)}`;
  }
}

function toldIn(data: object | null): { id?: string; status?: string } {
  const { id, status } =
    (data as { outcome?: { id?: string; status?: string } | null } | null)?.outcome ?? {};
  return { ...(id === undefined ? {} : { id }), ...(status === undefined ? {} : { status }) };
}
