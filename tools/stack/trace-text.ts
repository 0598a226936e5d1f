// A trace as text: a tree in the order of time, each span with its app, when it began and how long it took.
import type { StoredSpan } from './collector.js';

/** One line for each span. What has a parent that is not there, since it is still under way or was lost, stands at the top. */
export function traceLines(spans: readonly StoredSpan[]): string[] {
  const began = Math.min(...spans.map(({ startedAt }) => startedAt));
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: string | null): StoredSpan[] =>
    spans
      .filter(
        ({ parentSpanId }) =>
          (parentSpanId !== null && known.has(parentSpanId) ? parentSpanId : null) === parent,
      )
      .sort((one, other) => one.startedAt - other.startedAt);
  const lines = (parent: string | null, depth: number): string[] =>
    below(parent).flatMap((span) => [line(span, depth, began), ...lines(span.spanId, depth + 1)]);
  return lines(null, 0);
}

function line(
  { app, name, startedAt, durationMs, failed, attributes }: StoredSpan,
  depth: number,
  began: number,
): string {
  const at = `+${Math.round(startedAt - began)} ms`.padStart(10);
  const took = `${durationMs.toFixed(1)} ms`.padStart(11);
  const error = attributes['error.type'];
  const fault = error === undefined ? '' : `  ${failed ? 'failed' : 'answered'}: ${String(error)}`;
  return `${at} ${took}  ${app.padEnd(13)}  ${'  '.repeat(depth)}${name}${fault}`;
}
