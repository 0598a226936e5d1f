// Apollo Server over Apollo's gateway: planning and execution are theirs, the calls to subgraphs and what may be said
// to clients are ours. Nothing is reported to the vendor.
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@caregraph/runtime';
import { currentRequestId, errorIds } from './caller/request-id.js';
import { aliasLimit, sizeLimit, operationLimits } from './operation/limits.js';
import { codeOf, maskedError } from './operation/masking.js';
import type { OperationContext } from './operation/operation-rules.js';

export interface GraphServerOptions {
  readonly supergraphSdl: string;
  readonly dataSources: ReadonlyMap<string, GraphQLDataSource>;
  /** Introspection and suggestions are for development only. */
  readonly production: boolean;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
  readonly log: Logger;
}

/** Loads the supergraph and starts; rejects for a supergraph with a subgraph that is not configured. */
export async function startGraphServer(options: GraphServerOptions): Promise<ApolloServer<OperationContext>> {
  const { log, production } = options;
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    buildService: ({ name }) => {
      const source = options.dataSources.get(name);
      if (!source) throw new Error(`The supergraph has a subgraph that is not configured: ${name}.`);
      return source;
    },
    logger: log,
    // Else anybody could ask for the plan of a query by a header.
    __exposeQueryPlanExperimental: false,
  });
  const apollo = new ApolloServer<OperationContext>({
    gateway,
    logger: log,
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // Any text can be registered, so it saves bytes and grows memory; a list of trusted documents does better.
    persistedQueries: false,
    parseOptions: { maxTokens: operationLimits.tokens },
    validationRules: [sizeLimit, aliasLimit],
    formatError: (formatted, error) => {
      const requestId = currentRequestId.getStore() ?? 'unknown';
      if (codeOf(formatted) === 'INTERNAL_SERVER_ERROR')
        log.error({ err: error, requestId }, 'a request failed');
      return maskedError(formatted, { ids: errorIds(requestId), suggestions: !production });
    },
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...options.plugins,
    ],
    // Signals are ours: what is closed after what is decided in one place.
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  return apollo;
}
