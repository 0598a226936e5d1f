import { GraphQLError } from 'graphql';
import { createLogger, type Logger } from './index.js';

/** A logger, and the lines that it wrote. */
function listened(): { log: Logger; lines: Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const log = createLogger('spec', 'info', { write: (line) => written.push(line) });
  return {
    log,
    get lines() {
      return written.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    text: () => written.join(''),
  };
}

describe('a log line', () => {
  it('keeps the fields on the list, appointment ids among them, and drops all others and whole objects (GW-030)', () => {
    const seen = listened();
    seen.log.info({ appointmentId: 'a1', count: 2, email: 'canary', code: { phone: 'canary' } }, 'told');
    expect(seen.lines[0]).toMatchObject({ appointmentId: 'a1', count: 2, msg: 'told', app: 'spec' });
    expect(seen.text()).not.toContain('canary');
  });

  it.each([
    ['pat.o’neil+x@mail.example.org', 'Refused by pat.o’neil+x@mail.example.org, sorry.'],
    ['jürgen@exämple.de', 'jürgen@exämple.de'],
    ['+12075550123', "The 'To' number +12075550123 is not valid."],
    ['+44 20 7946 0958', 'call +44 20 7946 0958'],
    ['(207) 555-0123', 'call (207) 555-0123 now'],
    ['207-555-0123', '207-555-0123'],
  ])('never carries %s, wherever it stands', (contact, text) => {
    const seen = listened();
    seen.log.info({ reason: text, err: new Error(text, { cause: new Error(text) }) }, text);
    seen.log.warn(text);
    seen.log.error(new Error(text));
    expect(seen.lines).toHaveLength(3);
    expect(seen.text()).not.toContain(contact);
    expect(seen.text()).toContain('[removed]');
  });

  it('leaves ids, instants, addresses of machines and file names as they are', () => {
    const seen = listened();
    const texts = [
      '12345678-1234-4234-8234-123456789012',
      '2026-11-21T09:10:00.000Z',
      'connect ECONNREFUSED 127.0.0.1:54321',
      "Cannot find module '@caregraph/time' in node_modules/@caregraph/time/src/index.ts",
      'took 1763716200000 of 2075550123',
    ];
    for (const text of texts) seen.log.info({ reason: text }, text);
    expect(seen.lines.map(({ msg, reason }) => [msg, reason])).toEqual(texts.map((text) => [text, text]));
  });

  it('tells of an error its type, code, message, frames and causes, and nothing that it carries', () => {
    const seen = listened();
    const vendor = Object.assign(new TypeError('refused', { cause: new RangeError('too far') }), {
      code: 'card_declined',
      raw: { email: 'canary' },
    });
    seen.log.error({ err: vendor }, 'failed');
    expect(seen.lines[0]?.err).toMatchObject({
      type: 'TypeError',
      message: 'refused',
      code: 'card_declined',
      stack: expect.stringMatching(/^\s+at .*log\.spec\.ts:\d+:\d+/) as string,
      cause: { type: 'RangeError', message: 'too far' },
    });
    expect(seen.text()).not.toContain('canary');
  });

  it.each([
    ['text that is no JSON', () => JSON.parse('canary {') as unknown],
    [
      'an answer of the wrong type',
      () => {
        throw new GraphQLError('Expected value of type "Patient" but got: { lastName: "canary" }.');
      },
    ],
    [
      'a row that was not found',
      () => {
        throw Object.assign(new Error('Patient not found ({ lastName: "canary" })'), {
          name: 'NotFoundError',
        });
      },
    ],
    [
      'something thrown that is no error',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- libraries do.
        throw { text: 'canary', code: 7 };
      },
    ],
  ])('does not quote %s', (_what, fail) => {
    const seen = listened();
    try {
      fail();
    } catch (error) {
      seen.log.error({ err: error }, 'failed');
    }
    expect(seen.lines).toHaveLength(1);
    expect(seen.text()).not.toContain('canary');
  });

  it('of an endless chain of causes ends', () => {
    const seen = listened();
    const error = new Error('round');
    error.cause = error;
    seen.log.error({ err: error }, 'failed');
    expect(seen.lines[0]).toMatchObject({ msg: 'failed' });
  });
});
