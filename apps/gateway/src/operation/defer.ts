// `@defer` and `@stream` are not served. A client that sends one is told so, not that the directive is unknown to us.
import { GraphQLError, type ValidationRule } from 'graphql';

export const deferRefused: ValidationRule = (context) => ({
  Directive: (directive) => {
    const name = directive.name.value;
    if (name === 'defer' || name === 'stream')
      context.reportError(new GraphQLError(`@${name} is not supported.`, { nodes: directive }));
  },
});
