import { buildSchema, parse, validate } from 'graphql';
import { documentRules } from './limits.js';

const schema = buildSchema('type Node { next: Node name: String } type Query { node: Node }');
const nested = (depth: number): string =>
  `{ node { ${'next { '.repeat(depth - 2)} name ${'} '.repeat(depth - 2)} } }`;
const faults = (document: string): number => validate(schema, parse(document), documentRules).length;

describe('limits of an operation', () => {
  it('fifteen levels pass, sixteen do not', () => {
    expect(faults(nested(15))).toBe(0);
    expect(faults(nested(16))).toBe(1);
  });

  it('levels hidden in fragments count', () => {
    const half = `${'next { '.repeat(7)} name ${'} '.repeat(7)}`;
    const document = `{ node { ...A } } fragment A on Node { ${half.replace('name', '...B')} } fragment B on Node { ${half} }`;
    expect(faults(document)).toBe(1);
  });

  it('a cycle of fragments is measured and does not hang', () => {
    expect(faults('{ node { ...A } } fragment A on Node { next { ...A } }')).toBe(0);
  });

  it('fragments that double at each step are measured at once, and refused for what they amount to', () => {
    const doubling = (steps: number): string => {
      const each = Array.from(
        { length: steps },
        (_, at) => `fragment F${at} on Node { ...F${at + 1} ...F${at + 1} }`,
      );
      return `{ node { ...F0 } } ${each.join(' ')} fragment F${steps} on Node { name }`;
    };
    expect(faults(doubling(10))).toBe(0);
    expect(faults(doubling(60))).toBe(1);
  });

  it('a hundred aliases pass, one more does not', () => {
    const aliased = (count: number): string =>
      `{ ${Array.from({ length: count }, (_, at) => `a${at}: node { name }`).join(' ')} }`;
    expect(faults(aliased(30))).toBe(0);
    expect(faults(aliased(31))).toBe(1);
    expect(faults(aliased(31).replaceAll('node { name }', '__typename'))).toBe(1);
  });

  it('five directives in one place pass, six do not, on fields and fragments alike', () => {
    const skips = (count: number): string => '@skip(if: false) '.repeat(count);
    expect(faults(`{ node ${skips(5)} { name } }`)).toBe(0);
    expect(faults(`{ node ${skips(6)} { name } }`)).toBe(1);
    expect(faults(`{ ... ${skips(6)} { node { name } } }`)).toBe(1);
  });
});
