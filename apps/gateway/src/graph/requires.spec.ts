// `@requires`: what a subgraph computes from another's fields, however the client asks for those fields himself.
import { composedGraph, type ComposedGraph } from '../testing/composed-graph.js';

interface Shown {
  readonly id: string;
  readonly price?: number;
  readonly name?: string;
  readonly size?: { readonly width: number };
}

const rates: Readonly<Record<string, number>> = { USD: 2, EUR: 1, GBP: 3 };

const catalogue = {
  sdl: `
    type Query { product: Product products: [Product!]! }
    type Product @key(fields: "id") {
      id: ID! name: String!
      price(currency: String!): Int
      size(unit: String): Size
      twin: Product
    }
    type Size @shareable { width(unit: String!): Int! unit: String }`,
  resolvers: {
    Query: { product: () => ({ id: '1' }), products: () => [{ id: '1' }, { id: '2' }] },
    Product: {
      __resolveReference: ({ id }: Shown) => ({ id }),
      name: ({ id }: Shown) => `name-${id}`,
      price: ({ id }: Shown, { currency }: { currency: string }) => 100 * Number(id) * (rates[currency] ?? 0),
      size: () => ({}),
      twin: ({ id }: Shown) => ({ id: String(Number(id) + 10) }),
    },
    Size: { width: (_size: unknown, { unit }: { unit: string }) => (unit === 'cm' ? 254 : 100) },
  },
};

const labels = {
  sdl: `
    type Product @key(fields: "id") {
      id: ID!
      name: String! @external
      price(currency: String!): Int @external
      size(unit: String): Size @external
      label: String! @requires(fields: "price(currency: \\"EUR\\")")
      pounds: String! @requires(fields: "price(currency: \\"GBP\\")")
      title: String! @requires(fields: "name")
      box: String! @requires(fields: "size(unit: \\"x\\") { width(unit: \\"cm\\") }")
    }
    type Size @shareable { width(unit: String!): Int! }`,
  resolvers: {
    Product: {
      label: ({ price }: Shown) => `EUR ${price}`,
      pounds: ({ price }: Shown) => `GBP ${price}`,
      title: ({ id, name }: Shown) => `${id}: ${name}`,
      box: ({ size }: Shown) => `${size?.width} cm`,
    },
  },
};

describe('@requires', () => {
  let shop: ComposedGraph;
  beforeAll(async () => {
    shop = await composedGraph({ catalogue, labels });
  });

  it('gives a subgraph the fields that it needs, asked for or not', async () => {
    expect(await shop.ask('{ product { title } }')).toEqual({ data: { product: { title: '1: name-1' } } });
  });

  it("leaves the client's own field with other arguments alone", async () => {
    expect(await shop.ask('{ product { price(currency: "USD") label } }')).toEqual({
      data: { product: { price: 200, label: 'EUR 100' } },
    });
    expect(await shop.ask('{ product { label price(currency: "EUR") } }')).toEqual({
      data: { product: { label: 'EUR 100', price: 100 } },
    });
  });

  it("leaves the client's field alone in lists, behind aliases and fragments, and by variables", async () => {
    const query = `query Q($c: String!) {
      products { ...Prices label twin { price(currency: $c) label } }
      again: products { price: label label: price(currency: "USD") }
    }
    fragment Prices on Product { price(currency: $c) euro: price(currency: "EUR") }`;
    expect(await shop.ask(query, { c: 'GBP' })).toEqual({
      data: {
        products: [
          { price: 300, euro: 100, label: 'EUR 100', twin: { price: 3_300, label: 'EUR 1100' } },
          { price: 600, euro: 200, label: 'EUR 200', twin: { price: 3_600, label: 'EUR 1200' } },
        ],
        again: [
          { price: 'EUR 100', label: 200 },
          { price: 'EUR 200', label: 400 },
        ],
      },
    });
  });

  it('leaves nested fields with other arguments alone', async () => {
    expect(await shop.ask('{ product { size(unit: "x") { width(unit: "in") } box } }')).toEqual({
      data: { product: { size: { width: 100 }, box: '254 cm' } },
    });
  });

  it('is not misled by a client who calls other fields as keys and required fields are called', async () => {
    expect(await shop.ask('{ product { id: name name: id title __typename } }')).toEqual({
      data: { product: { id: 'name-1', name: '1', title: '1: name-1', __typename: 'Product' } },
    });
  });

  it('refuses two fields of one object that require one field with different arguments', async () => {
    for (const query of [
      '{ product { label pounds } }',
      '{ products { ... on Product { label } ...Pounds } } fragment Pounds on Product { pounds }',
    ])
      await expect(shop.ask(query)).rejects.toThrow(
        'label and pounds need one field with different arguments',
      );
  });

  it('answers the two fields under different aliases, and each beside the field itself', async () => {
    expect(
      await shop.ask('{ one: product { label } other: product { pounds price(currency: "USD") } }'),
    ).toEqual({
      data: { one: { label: 'EUR 100' }, other: { pounds: 'GBP 300', price: 200 } },
    });
  });
});
