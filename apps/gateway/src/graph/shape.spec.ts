// The compiled shape against the stock gateway's: random operations over our own supergraph, and random answers, also
// such as no subgraph should give.
import { readFileSync } from 'node:fs';
import { operationFromDocument, Supergraph, type Schema } from '@apollo/federation-internals';
import { computeResponse } from '@apollo/gateway/dist/resultShaping.js';
import fc from 'fast-check';
import { parse } from 'graphql';
import { plannable } from '../operation/guards.js';
import { RandomGraph } from '../testing/random-graph.js';
import type { Introspect } from './complete.js';
import { compileShape } from './shape.js';
import type { Values } from './values.js';

const supergraphSdl = plannable(readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8'));
const introspect: Introspect = ({ element: { name } }) => ({ value: { introspected: name }, errors: [] });

/** What either makes of it: data as text, so that the order of fields counts, and errors with their paths. */
function outcome(
  run: () => { data?: unknown; errors: readonly { message: string; path?: unknown }[] },
): unknown {
  try {
    const { data, errors } = run();
    return { data: JSON.stringify(data), errors: errors.map(({ message, path }) => ({ message, path })) };
  } catch {
    // Both give up on an answer that breaks the protocol; their words differ.
    return 'thrown';
  }
}

function both(apiSchema: Schema, text: string, input: Values, variables: Values): [unknown, unknown] {
  const operation = operationFromDocument(apiSchema, parse(text));
  const shape = compileShape(operation);
  return [
    outcome(() => shape(structuredClone(input), variables, introspect)),
    outcome(() =>
      computeResponse({
        operation,
        variables,
        input: structuredClone(input),
        introspectionHandling: introspect,
      }),
    ),
  ];
}

describe('the compiled shape', () => {
  const apiSchema = Supergraph.build(supergraphSdl).apiSchema();

  it('makes of 500 random answers to random operations what the stock gateway makes of them, byte for byte', () => {
    let shaped = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
        const random = new RandomGraph(apiSchema, seed);
        const { text, variables } = random.operation();
        const operation = operationFromDocument(apiSchema, parse(text));
        const input = random.answer(operation);
        const [ours, stock] = both(apiSchema, text, input, variables);
        if (ours !== 'thrown') shaped += 1;
        expect(ours).toEqual(stock);
      }),
      { numRuns: 500 },
    );
    // Most must not end in the same refusal, or the comparison would say little.
    expect(shaped).toBeGreaterThan(300);
  });

  it.each([
    ['an alias that every object inherits', 'constructor: id', { constructor: 'a' }],
    ['an alias that is absent and inherited', 'toString: bookingNumber', {}],
    ['the name of the prototype', '__proto__: id', JSON.parse('{"__proto__":"a"}') as Values],
    ['the same field twice', 'id ... on Appointment { id }', { id: 'a' }],
    [
      'a list that is merged',
      'history { type } ... on Appointment { history { at } }',
      { history: [{ type: 'A', at: 'x' }] },
    ],
    ['a type name under another name', 'kind: __typename id', { id: 'a', __typename: 'Appointment' }],
  ])('takes %s as the stock gateway does', (_what, selections, appointment) => {
    const text = `{ appointment(id: "a") { ${selections} } }`;
    const [ours, stock] = both(apiSchema, text, { appointment }, {});
    expect(ours).toEqual(stock);
  });
});
