import { closeReason } from './close-reason.js';

describe('the reason of a close', () => {
  it.each([
    ['is said whole where there is room', 'Forbidden', 'Forbidden'],
    ['is cut after 123 letters of one byte', 'x'.repeat(200), 'x'.repeat(123)],
    ['is cut at a whole character of four bytes', '😀'.repeat(100), '😀'.repeat(30)],
    ['is cut at a whole character of three bytes', `a${'€'.repeat(100)}`, `a${'€'.repeat(40)}`],
  ])('%s', (_what, said, kept) => {
    expect(closeReason(said)).toBe(kept);
  });

  it('has no more bytes than the frame has room for, also for half of a pair', () => {
    for (const text of ['\ud83d'.repeat(100), 'ü'.repeat(500), '😀'.repeat(40)])
      expect(Buffer.byteLength(closeReason(text))).toBeLessThanOrEqual(123);
  });
});
