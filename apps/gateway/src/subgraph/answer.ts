// What a subgraph answered, as far as the gateway relies on it.
import type { SubgraphAnswer } from '../graph/fetch-steps.js';
import { isObject } from '../graph/values.js';

/** Parses an answer; throws for what is none. */
export function readAnswer(text: string): SubgraphAnswer {
  const answer: unknown = JSON.parse(text);
  if (!isObject(answer)) throw new Error('The subgraph answered no object.');
  const { data, errors } = answer;
  if (data !== undefined && data !== null && !isObject(data)) throw new Error('The data is no object.');
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isObject)))
    throw new Error('The errors are no list.');
  if (data === undefined && errors === undefined) throw new Error('There is neither data nor an error.');
  return answer;
}

/** What takes the place of a subgraph's answer. The empty path becomes the path of what was being fetched. */
export const unavailableAnswer = (): SubgraphAnswer => ({
  errors: [
    { message: 'This part is not available at the moment.', path: [], extensions: { code: 'UNAVAILABLE' } },
  ],
});
