// Stripe's idempotency: the first status and body of a key are kept for 24 hours, a 500 too; other parameters with the
// same key are an error; while the first request runs, a second one is a conflict.
import type { Answer } from '../world/exchange.js';
import type { Shelf } from '../world/journal.js';
import { InvalidParameter, StripeRefusal } from './errors.js';

const keptForMs = 24 * 3_600_000;

export interface Kept {
  readonly path: string;
  readonly fingerprint: string;
  readonly since: number;
  readonly requestId: string;
  answer?: Answer;
}

export interface KeyedRequest {
  readonly account: string;
  readonly key: string;
  readonly path: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

export type Keep = (answer: Answer) => Answer;

export class IdempotencyKeys {
  readonly #kept: Shelf<Kept>;

  constructor(
    kept: Shelf<Kept>,
    private readonly now: () => Date,
  ) {
    this.#kept = kept;
    // A request that ended with the process before this one had not begun: its change is kept with its answer only.
    for (const [id, { answer }] of [...kept]) if (!answer || !this.#alive(id)) kept.delete(id);
  }

  /**
   * Runs once per key. `run` throwing InvalidParameter, or answering 429, means that it never began: nothing is kept.
   * `run` hands its answer to `keep` in the same turn as it makes its change, so that the journal has both or neither.
   */
  async once(request: KeyedRequest, run: (keep: Keep) => Promise<Answer>): Promise<Answer> {
    if (request.key.length > 255) {
      throw new InvalidParameter('Idempotency keys may be at most 255 characters long.');
    }
    const id = `${request.account} ${request.key}`;
    const before = this.#alive(id);
    if (before) return replay(before, request);

    const kept: Kept = { ...request, since: this.now().getTime() };
    this.#kept.set(id, kept);
    const keep: Keep = (answer) => {
      kept.answer = answer;
      this.#kept.set(id, kept);
      return answer;
    };
    try {
      return keep(await run(keep));
    } catch (error) {
      this.#kept.delete(id);
      throw error;
    }
  }

  #alive(id: string): Kept | undefined {
    const kept = this.#kept.get(id);
    if (kept?.answer && this.now().getTime() - kept.since > keptForMs) {
      this.#kept.delete(id);
      return undefined;
    }
    return kept;
  }
}

function replay(kept: Kept, request: KeyedRequest): Answer {
  if (kept.path !== request.path) {
    throw idempotencyError(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.path}' vs '${kept.path}'). Try using a key other than '${request.key}' if you meant to execute a different request.`,
    );
  }
  if (kept.fingerprint !== request.fingerprint) {
    throw idempotencyError(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${request.key}' if you meant to execute a different request.`,
    );
  }
  if (!kept.answer) {
    throw new StripeRefusal(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Stripe idempotency key (that probably means you submitted twice, and the other request is still going through): ${request.key}. If you want to run a separate request, please use a different idempotency key.`,
    });
  }
  const headers = {
    ...kept.answer.headers,
    'idempotent-replayed': 'true',
    'original-request': kept.requestId,
  };
  return { ...kept.answer, headers };
}

const idempotencyError = (message: string): StripeRefusal =>
  new StripeRefusal(400, { type: 'idempotency_error', message });
