import { buildSchema, parse, validate } from 'graphql';
import { documentRules } from './limits.js';
import { unstorableText } from './unstorable-text.js';

describe('text that cannot be stored', () => {
  it('is found wherever it stands in the variables, and named by its path', () => {
    expect(unstorableText({ input: { reason: 'a\u0000b' } })).toMatchObject({ field: 'input.reason' });
    expect(unstorableText({ input: { names: ['fine', 'half \ud800'] } })).toMatchObject({
      field: 'input.names.1',
    });
  });

  it('is not looked for without end: what nests deeper than any input of ours is refused', () => {
    const nested = (levels: number): unknown =>
      JSON.parse(`${'{"a":'.repeat(levels)}"fine"${'}'.repeat(levels)}`) as unknown;
    expect(unstorableText({ input: nested(20) })).toBeUndefined();
    expect(unstorableText({ input: nested(100_000) })).toEqual({
      field: 'input',
      message: 'is nested deeper than 32 levels',
    });
  });

  it('is no other text, however odd', () => {
    expect(
      unstorableText({ input: { reason: 'tab\t, line\n, \u200b, 😀', first: 3, after: null } }),
    ).toBeUndefined();
    expect(unstorableText(undefined)).toBeUndefined();
  });
});

describe('such text in the document itself', () => {
  const schema = buildSchema(
    'input Note { reason: String names: [String] about: Note } type Query { note(input: Note, id: ID): Int }',
  );
  const faults = (document: string): readonly string[] =>
    validate(schema, parse(document), documentRules).map(({ message }) => message);

  it.each([
    ['an argument', '{ note(id: "a\\u0000b") }'],
    ['its other spelling', '{ note(id: "\\u{0}") }'],
    ['a block of text', '{ note(id: """a\u0000b""") }'],
    ['an object', '{ note(input: { about: { reason: "\\u0000" } }) }'],
    ['a list in an object', '{ note(input: { names: ["fine", "\\u0000"] }) }'],
    ['a default', 'query ($id: ID = "\\u0000") { note(id: $id) }'],
    ['a fragment', '{ ...A } fragment A on Query { note(id: "\\u0000") }'],
    ['a directive', '{ note @include(if: "\\u0000") }'],
  ])('is refused in %s', (_where, document) => {
    expect(faults(document)).toEqual([expect.stringContaining('cannot be stored')]);
  });

  it('is no other text', () => {
    expect(faults('{ note(id: "tab\\t, \\\\u0000, \\u200b, \\ud83d\\ude00, 😀") }')).toEqual([]);
  });

  it('with half of a pair is no GraphQL', () => {
    expect(() => parse('{ note(id: "\\ud800") }')).toThrow('Invalid Unicode escape sequence');
    expect(() => parse('{ note(id: "\ud800") }')).toThrow('Syntax Error');
  });
});
