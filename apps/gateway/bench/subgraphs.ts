// Three subgraphs that answer as fast as Node can, so that what is measured is the gateway: no GraphQL engine, canned
// data of the size that ours have. Prints its ports, then serves until it is ended.
import http from 'node:http';

export const subgraphSdl: Readonly<Record<string, string>> = {
  bookings: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { appointments(first: Int!, after: String!): [Appointment!]! appointment(id: ID!): Appointment }
    type Mutation { noteAppointment(id: ID!, note: String!): Appointment! }
    type Appointment @key(fields: "id") { id: ID! status: String! start: String! bookingNumber: String! note: String provider: Provider! }
    type Provider @key(fields: "id", resolvable: false) { id: ID! }`,
  providers: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { provider(id: ID!): Provider }
    type Provider @key(fields: "id") { id: ID! name: String! specialty: String! location: Location }
    type Location { city: String! timeZone: String! }`,
  payments: `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { payment(id: ID!): Payment }
    type Appointment @key(fields: "id") { id: ID! payment: Payment }
    type Payment @key(fields: "id") { id: ID! status: String! amountMinor: Int! currency: String! }`,
};

interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> & {
    readonly representations?: readonly { id: string }[];
  };
}

type Ask = (field: string) => boolean;

/** Which fields a query asks for: a subgraph answers those and no others. Each text is looked at once. */
const asks = new Map<string, Ask>();
function askOf(query: string): Ask {
  let ask = asks.get(query);
  if (!ask) {
    const words = new Set(query.match(/\w+/g));
    asks.set(query, (ask = (field) => words.has(field)));
  }
  return ask;
}

const appointment = (id: string, ask: Ask): object => ({
  __typename: 'Appointment',
  id,
  status: 'CONFIRMED',
  ...(ask('start') && { start: '2026-11-21T09:00:00.000Z' }),
  ...(ask('bookingNumber') && { bookingNumber: `CG-${id}` }),
  ...(ask('note') && { note: null }),
  ...(ask('provider') && {
    provider: { __typename: 'Provider', id: `provider-${id.slice(-1)}${id.length}-${id}` },
  }),
});

const entities = (asked: Asked, one: (id: string) => object): object => ({
  _entities: (asked.variables?.representations ?? []).map(({ id }) => one(id)),
});

const answers: Readonly<Record<string, (asked: Asked) => object>> = {
  bookings: ({ variables = {}, query }) => {
    const ask = askOf(query);
    if (ask('noteAppointment')) return { noteAppointment: appointment(String(variables.id), ask) };
    if (!ask('appointments')) return { appointment: appointment(String(variables.id), ask) };
    return {
      appointments: Array.from({ length: 20 }, (_, index) =>
        appointment(`${String(variables.after)}-${index}`, ask),
      ),
    };
  },
  providers: (asked) => {
    const withZone = askOf(asked.query)('timeZone');
    return entities(asked, (id) => ({
      __typename: 'Provider',
      name: `Dr. ${id}`,
      specialty: 'Dermatology',
      location: { city: 'Lisbon', ...(withZone && { timeZone: 'Europe/Lisbon' }) },
    }));
  },
  payments: (asked) =>
    entities(asked, () => ({
      __typename: 'Appointment',
      payment: { status: 'CAPTURED', amountMinor: 12_000, currency: 'EUR' },
    })),
};

function serve(name: string): Promise<number> {
  const answer = answers[name];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
      const text = JSON.stringify({ data: answer?.(asked) });
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as { port: number }).port);
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  const names = Object.keys(subgraphSdl);
  const ports = await Promise.all(names.map(serve));
  process.stdout.write(
    `${JSON.stringify(Object.fromEntries(names.map((name, index) => [name, ports[index]])))}\n`,
  );
}
