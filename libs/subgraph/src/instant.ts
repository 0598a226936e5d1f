// Instants that a JS Date, its ISO text and PostgreSQL's timestamptz hold alike: the years 1 to 9999, in UTC.
import { GraphQLError, GraphQLScalarType } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';

const [earliest, latest] = [Date.parse('0001-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')];

/** Whether so many milliseconds since 1970 are such an instant. */
export const isInstant = (at: number): boolean => at >= earliest && at <= latest;

function held(at: Date): Date {
  if (isInstant(at.getTime())) return at;
  throw new GraphQLError('DateTime is not within the years 0001 to 9999 in UTC.');
}

/** `DateTime`, which takes no instant that cannot be stored. */
export const DateTimeScalar = new GraphQLScalarType<Date, Date>({
  ...GraphQLDateTime.toConfig(),
  parseValue: (value) => held(GraphQLDateTime.parseValue(value)),
  parseLiteral: (node, variables) => held(GraphQLDateTime.parseLiteral(node, variables)),
});
