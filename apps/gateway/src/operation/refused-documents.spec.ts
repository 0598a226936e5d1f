// Documents on which validation or what comes after it could fail instead of refusing.
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

const conditions = [
  [
    'a condition on its root field',
    'subscription ($on: Boolean!) { appointmentChanged @skip(if: $on) { id } }',
  ],
  ['a condition without an argument', 'subscription { appointmentChanged @include { id } }'],
  ['a condition with a wrong argument', 'subscription { appointmentChanged @include(if: "yes") { id } }'],
  [
    'a condition in a fragment',
    'subscription ($on: Boolean!) { ...A } fragment A on Subscription { ... @include(if: $on) { ...B } } fragment B on Subscription { ...A appointmentChanged { id } }',
  ],
] as const;

const odd = [
  ['a query beside a bad subscription', `query A { whoAmI } ${conditions[0][1].replace('subscription', 'subscription B')}`],
  ['thousands of levels', `{ appointment(id: "1") { ${nested('appointment { ', '} ', 2_000)}`],
  ['thousands of levels of fragments', `{ ${nested('... { ', '} ', 2_400)} }`],
  ['thousands of lists in a value', `{ appointment(id: ${nested('[', ']', 2_400)}) { id } }`],
  ['thousands of objects in a value', `{ appointment(id: ${'{a:'.repeat(1_600)}1${'}'.repeat(1_600)}) { id } }`],
  ['thousands of lists in a type', `query ($a: ${'['.repeat(2_300)}ID${']'.repeat(2_300)}) { appointment(id: $a) { id } }`],
  ['a fragment that holds itself', '{ ...A } fragment A on Query { ...A whoAmI }'],
  ['a fragment named __proto__', '{ ...__proto__ } fragment __proto__ on Query { nothing }'],
  ['a type named __proto__', 'query ($a: __proto__) { ... on __proto__ { whoAmI } }'],
  ['a field named constructor', '{ constructor __proto__ toString }'],
  ['an argument named __proto__', '{ appointment(__proto__: 1, id: "1") { id } }'],
  ['a variable used under @skip that is none', '{ whoAmI @skip(if: $nothing) }'],
  ['a directive of the graph itself', '{ whoAmI @join__field }'],
  ['a type definition', 'type Query { a: Int }'],
  ['a definition of nothing', 'fragment A on Query { whoAmI }'],
  ['a number that no float holds', '{ appointment(id: 1e99999) { id } }'],
  ['half of a surrogate pair', '{ appointment(id: "\\ud800") { id } }'],
  ['a text with U+0000', '{ appointment(id: "a\\u0000b") { id } }'],
  ['a block of text with U+0000', '{ appointment(id: """a\u0000b""") { id } }'],
  ['U+0000 in the default of a variable', 'query ($id: ID! = "a\\u0000") { appointment(id: $id) { id } }'],
  ['a name given to two operations', 'query A { whoAmI } query A { whoAmI }'],
] as const; // prettier-ignore

describe('a document that cannot be served', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway({ NODE_ENV: 'production' });
  });
  afterAll(() => gateway.close());

  it.each(conditions)('a subscription with %s is the client’s mistake, and named', async (_what, query) => {
    const { status, body } = await gateway.query(query);
    expect(status).toBe(400);
    const { message, extensions } = body.errors?.[0] ?? {};
    expect(message).toMatch(/^The root field of a subscription takes no @(skip|include)\.$/);
    expect(extensions?.code).toBe('BAD_USER_INPUT');
  });

  it.each(odd)('%s is the client’s mistake', async (_what, query) => {
    const { status, body } = await gateway.query(query);
    expect(status).toBe(400);
    for (const { extensions } of body.errors ?? []) expect(extensions.code).toBe('BAD_USER_INPUT');
    expect(body.errors?.length).toBeGreaterThan(0);
  });
});
