// Apollo Server over our executor: parsing, validation and its guards are Apollo's, planning is Apollo's planner's, the
// rest is ours. Nothing is reported to the vendor.
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@caregraph/runtime';
import { currentRequestId, errorIds } from './caller/request-id.js';
import type { GraphExecutor } from './graph/executor.js';
import { deferRefused } from './operation/defer.js';
import { documentRules, operationLimits } from './operation/limits.js';
import { codeOf, maskedError } from './operation/masking.js';
import type { OperationContext } from './operation/operation-rules.js';

export interface GraphServerOptions {
  readonly executor: GraphExecutor;
  /** Introspection and suggestions are for development only. */
  readonly production: boolean;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
  readonly log: Logger;
}

/** Starts Apollo Server over the executor. */
export async function startGraphServer(options: GraphServerOptions): Promise<ApolloServer<OperationContext>> {
  const { log, production, executor } = options;
  const apollo = new ApolloServer<OperationContext>({
    gateway: executor,
    logger: log,
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // Ours, for sockets and streams too: see documents/.
    persistedQueries: false,
    parseOptions: { maxTokens: operationLimits.tokens },
    validationRules: [...documentRules, deferRefused],
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
