import { failureOf } from './ask-once.js';

const answered = (text: string, status = 200) => ({ text, status, session: undefined });

describe('an answer', () => {
  it('is one when it is a 200 without errors, also where the rules of the house refuse', () => {
    expect(failureOf(answered('{"data":{"outcome":{"code":"SLOT_TAKEN"}}}'))).toBeUndefined();
  });

  it('is a failure with any error, also beside data, with another status, without JSON, and when there is none', () => {
    expect(failureOf(answered('{"data":{"a":1},"errors":[{"message":"no"}]}'))).toMatch(/errors/);
    expect(failureOf(answered('{"data":{}}', 503))).toMatch(/status 503/);
    expect(failureOf(answered('<html>'))).toMatch(/no JSON/);
    expect(failureOf(new Error('other side closed'))).toMatch(/other side closed/);
  });
});
