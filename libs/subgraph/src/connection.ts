// Lists are Relay connections, `first` at most 100, ordered by an instant and the id.
import { Field, Int, ObjectType, ArgsType, type ClassType } from 'type-graphql';
import { Max, Min } from 'class-validator';
import { badInput } from './errors.js';
import { isId } from './ids.js';
import { PageInfo } from './money.js';

@ArgsType()
export class PageArguments {
  @Field(() => Int, { defaultValue: 20, description: 'How many, 1 to 100.' })
  @Min(1)
  @Max(100)
  first!: number;

  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' })
  after?: string;
}

/** How long a page is, for the gateway's account of costs: stands on each field that answers a connection. */
export const pageSize =
  '@listSize(slicingArguments: ["first"], sizedFields: ["edges"], requireOneSlicingArgument: false)';

export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: PageInfo;
}

/** The connection types of a noun: `AppointmentConnection` and `AppointmentEdge`. */
export function connectionOf(node: ClassType, name: string): ClassType {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String, { description: 'Pass it as `after` to go on behind this one.' })
    cursor!: string;

    @Field(() => node, { description: 'The entry.' })
    node!: object;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionObject {
    @Field(() => [Edge], { description: 'The entries of this page.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Whether there is more.' })
    pageInfo!: PageInfo;
  }
  return ConnectionObject;
}

/** Instants that a JS Date, its ISO text and PostgreSQL's timestamptz hold alike: the years 1 to 9999. */
const [earliest, latest] = [Date.parse('0001-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')];
const isInstant = (text: string): boolean =>
  /^-?\d{1,15}$/.test(text) && Number(text) >= earliest && Number(text) <= latest;

/** Reads `after`; refuses text that is not made as our cursors are. */
export function cursorOf(after: string | null | undefined): Cursor | undefined {
  if (after === undefined || after === null) return undefined;
  const [at = '', id = '', ...more] = Buffer.from(after, 'base64url').toString('utf8').split('|');
  // Whatever else would reach PostgreSQL, which refuses to compare it.
  if (!isInstant(at) || !isId(id) || more.length > 0)
    throw badInput({ field: 'after', message: 'is not a cursor' });
  return { at: new Date(Number(at)), id };
}

/** Makes a page of `first` entries out of up to `first + 1` rows. */
export function connection<Node>(
  rows: readonly Node[],
  first: number,
  cursorAt: (row: Node) => Cursor,
): Connection<Node> {
  const edges = rows.slice(0, first).map((node) => {
    const { at, id } = cursorAt(node);
    return { node, cursor: Buffer.from(`${at.getTime()}|${id}`).toString('base64url') };
  });
  return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
}
