// Stripe's search over PaymentIntents: `metadata['appointment_id']:'…' AND status:'succeeded'`. All clauses are joined
// by AND; OR, negation and substring matches are not simulated and refused.
import type { Stripe } from 'stripe';
import { z } from 'zod';
import { idOf, type Account } from './account.js';
import { InvalidParameter } from './errors.js';
import { expand, integer, text } from './parameters.js';

export const searchParameters = z.strictObject({
  query: text,
  limit: integer.pipe(z.number().min(1).max(100)).default(10),
  page: text.optional(),
  expand,
});

type Fits = (intent: Stripe.PaymentIntent) => boolean;

/** Newest first; `next_page` is the number of results already seen. */
export function search(account: Account, { query, limit, page }: z.infer<typeof searchParameters>): object {
  const clauses = query.split(/\s+AND\s+/i).map(clauseOf);
  const all = [...account.paymentIntents.values()]
    .reverse()
    .filter((intent) => clauses.every((fits) => fits(intent)));
  const from = page === undefined ? 0 : Number(page);
  const next = from + limit;
  const hasMore = all.length > next;
  return {
    object: 'search_result',
    url: '/v1/payment_intents/search',
    has_more: hasMore,
    next_page: hasMore ? String(next) : null,
    data: all.slice(from, next),
  };
}

function clauseOf(clause: string): Fits {
  const metadata = /^metadata\[(["'])(?<name>.+?)\1\]:(["'])(?<value>.*)\3$/.exec(clause.trim())?.groups;
  if (metadata) return (intent) => intent.metadata[metadata.name ?? ''] === metadata.value;

  const word = /^(?<field>status|currency|customer):(["'])(?<value>.*)\2$/.exec(clause.trim())?.groups;
  if (word) return (intent) => wordsOf(intent)[word.field ?? ''] === word.value;

  const number = /^(?<field>amount|created)(?<sign>[<>]=?|:)(?<value>\d+)$/.exec(clause.trim())?.groups;
  if (number)
    return (intent) =>
      compare(numbersOf(intent)[number.field ?? ''] ?? 0, number.sign ?? ':', Number(number.value));

  throw new InvalidParameter(`We were unable to parse your search query. The clause was: ${clause}`, 'query');
}

const wordsOf = (intent: Stripe.PaymentIntent): Record<string, string | null> => ({
  status: intent.status,
  currency: intent.currency,
  customer: idOf(intent.customer),
});

const numbersOf = ({ amount, created }: Stripe.PaymentIntent): Record<string, number> => ({
  amount,
  created,
});

function compare(left: number, sign: string, right: number): boolean {
  switch (sign) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return left === right;
  }
}
