import { expectedMode } from './expected-mode.policy.js';

describe('the mode to expect', () => {
  it.each([
    ['CONNECTED', 'INSTANT'],
    ['STALE', 'REQUEST'],
    ['RECONNECT_NEEDED', 'REQUEST'],
    ['NOT_CONNECTED', 'REQUEST'],
    [undefined, 'REQUEST'],
  ] as const)(
    'with a calendar that is %s is %s, unless the settings overrule it (BK-059)',
    (calendar, expected) => {
      for (const mode of ['INSTANT', 'REQUEST'] as const) {
        expect(expectedMode({ mode, modeOverride: false }, calendar)).toBe(expected);
        expect(expectedMode({ mode, modeOverride: true }, calendar)).toBe(mode);
      }
    },
  );
});
