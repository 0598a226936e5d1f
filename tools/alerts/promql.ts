// What a PromQL expression names: its metrics with the labels that it asks of them, read by Prometheus' own grammar.
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface Named {
  /** Metrics with the labels in their braces. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels in `by (…)`, `without (…)`, `on (…)`, `ignoring (…)`. */
  readonly grouping: readonly string[];
}

/** Throws on an expression that does not parse. Grafana's variables are taken for what they stand for. */
export function namedIn(text: string): Named {
  const expr = text.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h');
  const textOf = ({ from, to }: SyntaxNode): string => expr.slice(from, to);
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, node }) => {
      if (type.isError) throw new Error(`This is no PromQL: ${expr}`);
      if (type.name === 'VectorSelector') {
        const metric = node.getChild('Identifier');
        const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
        const labels = matchers.flatMap((matcher) => matcher.getChildren('LabelName').map(textOf));
        selectors.push({ metric: metric ? textOf(metric) : '', labels });
      }
      if (type.name === 'GroupingLabels') grouping.push(...node.getChildren('LabelName').map(textOf));
    },
  });
  return { selectors, grouping };
}

/** A histogram is served as three series. */
export const familyOf = (metric: string): string =>
  metric.startsWith('caregraph_') ? metric.replace(/_(bucket|sum|count)$/, '') : metric;
