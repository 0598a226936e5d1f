// Queries and mutations over a socket: through Apollo Server, as those over HTTP, with all its rules.
import type { ApolloServer } from '@apollo/server';
import { currentRequestId } from '../caller/request-id.js';
import { deadlineFromNow, type OperationContext } from '../operation/operation-rules.js';
import type { RunRequest } from './begin.js';

/** @param patienceMs how long an operation may take in all, in milliseconds. */
export const requestRunner =
  (apollo: ApolloServer<OperationContext>, patienceMs: number): RunRequest =>
  ({ query, variables, operationName }, context) =>
    currentRequestId.run(context.viewer.requestId, async () => {
      const { body } = await apollo.executeOperation(
        { query, variables: variables ?? {}, ...(operationName ? { operationName } : {}) },
        { contextValue: { ...context, deadline: deadlineFromNow(patienceMs) } },
      );
      if (body.kind !== 'single') throw new Error('An answer in parts.');
      return body.singleResult;
    });
