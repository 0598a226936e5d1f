// A span for each SQL statement of the ORM, through the one hook that it has for it: its logger. MikroORM reports a
// statement once it is done; of its text a span gets the first keyword and the table, and nothing else.
import { SimpleLogger, type LogContext } from '@mikro-orm/core';
import { isTraced, openSpan } from './trace.js';

/**
 * Drops all that the ORM would say, since it may quote statements with their values, and makes spans of its statements
 * where somebody will see them. Work that is in no trace, such as polling, has none.
 */
export class StatementSpans extends SimpleLogger {
  override log(): void {
    // Connections that break are told to our own log.
  }

  override logQuery({ query = '', took, level }: LogContext): void {
    // Without a time it is no statement of the app's: begin, commit and savepoints are reported like this.
    if (took === undefined || !isTraced()) return;
    const { operation, table } = statementOf(query);
    const made = openSpan(
      table === undefined ? operation : `${operation} ${table}`,
      { 'db.system.name': 'postgresql', 'db.operation.name': operation, 'db.collection.name': table },
      { kind: 'client', startedAt: Date.now() - took },
    );
    if (level === 'error') made.fail(new StatementFailed());
    made.end();
  }

  override isEnabled(): boolean {
    return false;
  }
}

/** What went wrong is told by the span around it, which saw the error itself. */
class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
}

/**
 * First keyword, and first table or called function. Only what stands before the first quoted text is looked at, so no
 * value can be taken for a name, even where somebody writes values into a statement.
 */
export function statementOf(sql: string): { operation: string; table: string | undefined } {
  const [written = ''] = sql.split("'", 1);
  const operation = /^[\s(]*([a-z]{2,12})\b/i.exec(written)?.[1]?.toLowerCase() ?? 'statement';
  const table =
    /\b(?:from|into|update)\s+(?:only\s+)?(?:"?[a-z_][a-z0-9_]*"?\.)?"?([a-z_][a-z0-9_]*)"?/i.exec(
      written,
    )?.[1] ?? /^\s*select\s+(?:[a-z_]+\.)?([a-z_][a-z0-9_]*)\s*\(/i.exec(written)?.[1];
  return { operation, table };
}
