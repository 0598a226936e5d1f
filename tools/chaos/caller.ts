// A client as an app on somebody's phone is: it knows the gateway's URL alone, gives each wish a key of its own, and
// asks again until it knows what became of it. Every try goes into the history.
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphError } from '@caregraph/testing';
import type { StackFile } from '../stack/stack-file.js';
import type { History, Try } from './history.js';

/** Who asks: a login, or somebody not logged in, whom the gateway knows by the session that it gave him. */
export interface Person {
  readonly login: string | null;
  session?: string | undefined;
}

export interface Wish {
  readonly act: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Left out for what changes nothing. */
  readonly key?: string;
}

/** What a mutation answers under `outcome`. */
export interface Outcome {
  readonly __typename: string;
  readonly code?: string;
  readonly id?: string;
  readonly status?: string;
  readonly holdToken?: string | null;
}

export interface Definite<Data> {
  readonly outcome: 'accepted' | 'refused' | 'wrong';
  readonly code?: string | undefined;
  readonly data: Data | null;
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphError[];
}

/** A client's own patience with one try, which grows; the server may still do it after that. */
const patienceMs = (attempt: number): number => Math.min(15_000, 4_000 + attempt * 1_000);
const retriable = new Set(['UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'TOO_MANY_REQUESTS']);

export class Caller {
  constructor(
    private readonly history: History,
    private readonly read: () => StackFile,
    /** Ends the retries: nobody asks for ever. */
    private readonly giveUp: AbortSignal,
  ) {}

  /** The definite answer. Throws when there was none before the run's patience was over. */
  async ask<Data extends object>(person: Person, wish: Wish): Promise<Definite<Data>> {
    const request = this.history.nextRequest();
    for (let attempt = 1; ; attempt += 1) {
      const sentAt = this.history.now();
      const { text, failure } = await this.send(person, wish, attempt);
      const heard = text === undefined ? lost<Data>(failure) : understood<Data>(text);
      const { outcome, code, data } = heard;
      this.history.add({
        kind: 'try',
        request,
        login: person.login,
        act: wish.act,
        key: wish.key ?? null,
        sentAt,
        heardAt: this.history.now(),
        outcome,
        ...(code === undefined ? {} : { code }),
        ...idOf(data),
        ...(text === undefined ? {} : { answer: text }),
      });
      if (outcome !== 'lost') return { outcome, code, data };
      if (this.giveUp.aborted) throw new Error(`No definite answer to ${wish.act}, last ${String(code)}.`);
      // Full jitter: a crowd that was cut off must not come back in step.
      await pause(Math.random() * Math.min(4_000, 100 * 2 ** attempt));
    }
  }

  private async send(
    person: Person,
    wish: Wish,
    attempt: number,
  ): Promise<{ text?: string; failure?: string }> {
    const stack = this.read();
    try {
      const response = await fetch(stack.graphql, {
        method: 'POST',
        headers: headersOf(stack, person, wish),
        body: JSON.stringify({ query: wish.document, variables: wish.variables }),
        signal: AbortSignal.timeout(patienceMs(attempt)),
      });
      const text = await response.text();
      if (person.login === null) person.session ??= response.headers.get('x-caregraph-session') ?? undefined;
      return { text };
    } catch (error) {
      return { failure: error instanceof Error ? error.name : String(error) };
    }
  }
}

function headersOf({ logins }: StackFile, { login, session }: Person, { key }: Wish): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (login !== null) headers.authorization = `Bearer ${logins[login]?.token ?? ''}`;
  if (session !== undefined) headers['x-caregraph-session'] = session;
  if (key !== undefined) headers['idempotency-key'] = key;
  return headers;
}

interface Heard<Data> {
  readonly outcome: Try['outcome'];
  readonly code?: string | undefined;
  readonly data: Data | null;
}

const lost = <Data>(failure: string | undefined): Heard<Data> => ({
  outcome: 'lost',
  code: failure,
  data: null,
});

export function understood<Data extends object>(text: string): Heard<Data> {
  let answer: Answer<Data>;
  try {
    answer = JSON.parse(text) as Answer<Data>;
  } catch {
    return lost('not JSON');
  }
  const { data = null, errors = [] } = answer;
  const outcome = outcomeIn(data);
  // A mutation that was answered is answered, also when another subgraph's field of the answer is missing.
  if (outcome) {
    return outcome.code === undefined
      ? { outcome: 'accepted', data }
      : { outcome: 'refused', code: outcome.code, data };
  }
  const [error] = errors;
  if (error) {
    const code = error.extensions?.code;
    return { outcome: retriable.has(String(code)) ? 'lost' : 'wrong', code, data };
  }
  return { outcome: 'accepted', data };
}

const outcomeIn = (data: object | null): Outcome | undefined =>
  (data as { outcome?: Outcome | null } | null)?.outcome ?? undefined;

function idOf(data: object | null): { id?: string; status?: string } {
  const outcome = outcomeIn(data);
  return {
    ...(outcome?.id === undefined ? {} : { id: outcome.id }),
    ...(outcome?.status === undefined ? {} : { status: outcome.status }),
  };
}
