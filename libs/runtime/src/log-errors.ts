// What a log line tells of an error: enough to find the fault, and nothing of whom it was about.
/** How many causes are followed. */
const deepest = 3;

/**
 * Type, code, message and frames of an error and its causes, never its further properties: a vendor's error carries
 * whole requests. Of what is no error only the type and code: it may be anything.
 */
export function describeError(value: unknown, depth = 0): Record<string, unknown> {
  if (!(value instanceof Error)) return { type: value === null ? 'null' : typeof value, ...codeOf(value) };
  const cause =
    depth < deepest && value.cause !== undefined ? describeError(value.cause, depth + 1) : undefined;
  return {
    type: value.name,
    message: withoutContacts(safeMessage(value)),
    stack: framesOf(value),
    ...codeOf(value),
    ...(cause && { cause }),
  };
}

const codeOf = (value: unknown): { code?: string | number } => {
  const { code } = (value ?? {}) as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
};

/** The frames alone: a stack begins with the message. */
const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at \S.*(?::\d+:\d+\)?|\)|<anonymous>)$/.test(line))
    .join('\n');

/** Errors of the ORM that quote values: "Patient not found ({ email: … })", "Trying to set Patient.mobile to '…'". */
const quotingErrors = new Set(['ValidationError', 'NotFoundError', 'CursorError']);

/** The message, where whoever wrote it put no values in. Errors are told by their names, to load no ORM for a log. */
function safeMessage(error: Error): string {
  // PostgreSQL quotes what it was given, and MikroORM may add the statement with its parameters.
  if ('severity' in error || error.name.endsWith('Exception')) return databaseMessage(error);
  if (quotingErrors.has(error.name)) return 'The ORM refused it.';
  // JSON.parse quotes the text it cannot read.
  if (error instanceof SyntaxError) return error.message.replace(/"[^]*"/, '"…"');
  // graphql-js shows the value that a resolver answered with.
  if (error.name === 'GraphQLError') return error.message.replace(/: .*$/s, ': …');
  return error.message;
}

/**
 * Classes of PostgreSQL's codes whose messages name tables, columns and conditions only: connections, transactions,
 * undefined things (without the syntax errors, which quote), resources, states, operators' doing.
 */
const quoteNothing = /^(08|25|40|42(?!601)|53|55|57)...$/;

function databaseMessage(error: Error): string {
  const { code, table, column, constraint } = error as unknown as Partial<Record<string, unknown>>;
  const said = quoteNothing.test(String(code)) ? error.message.split('\n', 1) : ['The database refused it'];
  const about = Object.entries({ table, column, constraint }).flatMap(([what, name]) =>
    typeof name === 'string' ? [`${what} ${name}`] : [],
  );
  return [...said, ...about].join(', ');
}

/** Addresses of e-mail, telephone numbers with a + or in the North American way. Ids and instants are none. */
const contacts = [
  /[\p{L}\p{N}.!#$%&*+?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu,
  /\+\d[\d\s().-]{5,}\d/g,
  /(?<![\w-])(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])/g,
];

/** The second line, for texts of others: vendors repeat the address that they refuse. */
export const withoutContacts = (text: string): string =>
  contacts.reduce((kept, pattern) => kept.replace(pattern, '[removed]'), text);
