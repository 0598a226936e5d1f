// The status of an answer in `application/json`, the media type from before GraphQL over HTTP had one of its own: there a
// request that was understood and refused by GraphQL is a 200, because clients of that age read the body of no other.
import type { GraphQLError } from 'graphql';

/** What GraphQL itself finds wrong: with the document, its operation, its variables. */
const ofGraphql = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/**
 * 200 in place of 400 for a client that asks for `application/json` by name, and for nothing newer. Whoever takes
 * anything (`*`/`*`) gets 400, which tells him more.
 */
export function legacyStatus(
  status: number | undefined,
  accept: string | undefined,
  errors: readonly GraphQLError[],
): number | undefined {
  const isLegacy =
    accept?.includes('application/json') && !accept.includes('application/graphql-response+json');
  const isOfGraphql = errors.every(({ extensions }) => ofGraphql.has(String(extensions.code)));
  return isLegacy && status === 400 && isOfGraphql ? 200 : status;
}
