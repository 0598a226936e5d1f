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
