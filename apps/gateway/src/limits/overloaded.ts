// What a caller is told for whom there is no place at the moment.
import { GraphQLError } from 'graphql';
import { shedRetryAfterSeconds } from '@caregraph/runtime';

/** UNAVAILABLE with a Retry-After. */
export const overloaded = (): GraphQLError =>
  new GraphQLError('There is too much to do at the moment; try again.', {
    extensions: { code: 'UNAVAILABLE', retryAfterSeconds: shedRetryAfterSeconds },
  });
