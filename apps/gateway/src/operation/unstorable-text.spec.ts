import { unstorableText } from './unstorable-text.js';

describe('text that cannot be stored', () => {
  it('is found wherever it stands in the variables, and named by its path', () => {
    expect(unstorableText({ input: { reason: 'a\u0000b' } })).toBe('input.reason');
    expect(unstorableText({ input: { names: ['fine', 'half \ud800'] } })).toBe('input.names.1');
  });

  it('is no other text, however odd', () => {
    expect(
      unstorableText({ input: { reason: 'tab\t, line\n, \u200b, 😀', first: 3, after: null } }),
    ).toBeUndefined();
    expect(unstorableText(undefined)).toBeUndefined();
  });
});
