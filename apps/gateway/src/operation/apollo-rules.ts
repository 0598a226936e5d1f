// Our rules as a plugin of Apollo Server.
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { AcceptedDocuments } from '../documents/accepted-documents.js';
import type { GraphExecutor } from '../graph/executor.js';
import { legacyStatus } from './legacy-status.js';
import type { OperationContext, OperationRules } from './operation-rules.js';
import { validatable } from './root-conditions.js';

/** Apollo Server reads the document again once its parsing was told of. */
interface Parsed {
  document: DocumentNode;
}

export interface ApolloRulesOptions {
  readonly rules: OperationRules;
  readonly executor: Pick<GraphExecutor, 'graphOf'>;
  readonly accepted: AcceptedDocuments;
}

export const apolloRules = ({
  rules,
  executor,
  accepted,
}: ApolloRulesOptions): ApolloServerPlugin<OperationContext> => ({
  requestDidStart: ({ request: asked, contextValue: { document: named } }) => {
    if (named) asked.query = named.text;
    delete asked.extensions?.persistedQuery;
    const started = performance.now();
    let known: OperationDefinitionNode | undefined;
    const listener: GraphQLRequestListener<OperationContext> = {
      // Only a text that is seen for the first time is parsed.
      parsingDidStart: (request) =>
        Promise.resolve(() => {
          if (request.document) (request as Parsed).document = validatable(request.document);
          return Promise.resolve();
        }),
      didResolveOperation: async ({ operation, document, source, contextValue, request, schema }) => {
        if (!operation) return;
        accepted.remember(schema, source, document);
        known = operation;
        const { operationName, variables = {} } = request;
        const graph = executor.graphOf(schema);
        await rules.admit({ graph, document, operation, operationName, variables }, contextValue);
      },
      willSendResponse: ({ request, response: { http, body }, errors = [] }) => {
        http.status = legacyStatus(http.status, request.http?.headers.get('accept'), errors);
        // The vendor's account of nulls that propagated; the errors say what is to be said.
        if (body.kind === 'single') delete body.singleResult.extensions;
        rules.answered(known, errors, started);
        return Promise.resolve();
      },
    };
    return Promise.resolve(listener);
  },
});
