import { meaningOf } from './mail-event.js';
import { outcomeOf } from './sendgrid.js';

describe('what came of a call to SendGrid', () => {
  it.each([
    [400, { kind: 'REFUSED', code: 'HTTP_400' }],
    [401, { kind: 'REFUSED', code: 'HTTP_401' }],
    [413, { kind: 'REFUSED', code: 'HTTP_413' }],
    [429, { kind: 'NOT_NOW', code: 'HTTP_429', retryAfterSeconds: 7 }],
    [503, { kind: 'NOT_NOW', code: 'HTTP_503', retryAfterSeconds: 7 }],
    [500, { kind: 'UNKNOWN' }],
    [502, { kind: 'UNKNOWN' }],
    [504, { kind: 'UNKNOWN' }],
    ['ECONNREFUSED', { kind: 'NOT_NOW', code: 'UNREACHABLE', retryAfterSeconds: 0 }],
    ['ECONNRESET', { kind: 'UNKNOWN' }],
    ['ECONNABORTED', { kind: 'UNKNOWN' }],
    [undefined, { kind: 'UNKNOWN' }],
  ])('is known only where it can be: %s', (code, outcome) => {
    expect(outcomeOf({ code, response: { headers: { 'retry-after': '7' } } })).toEqual(outcome);
  });
});

describe('what an event of SendGrid means', () => {
  it.each([
    [{ event: 'processed' }, { kind: 'ACCEPTED' }],
    [{ event: 'deferred' }, { kind: 'ACCEPTED' }],
    [{ event: 'delivered' }, { kind: 'DELIVERED' }],
    [
      { event: 'bounce', type: 'bounce' },
      { kind: 'BOUNCED', suppress: 'BOUNCE' },
    ],
    [
      { event: 'bounce', type: 'blocked' },
      { kind: 'FAILED', reason: 'BLOCKED' },
    ],
    [{ event: 'dropped' }, { kind: 'FAILED', reason: 'DROPPED', suppress: 'DROPPED' }],
    [{ event: 'spamreport' }, { kind: 'COMPLAINED', suppress: 'SPAM_REPORT' }],
    [{ event: 'open' }, { kind: 'NOTHING' }],
    [{ event: 'something new' }, { kind: 'NOTHING' }],
  ])('%j', (event, meaning) => {
    expect(meaningOf(event)).toEqual(meaning);
  });
});
