import { buffersOf } from './buffers.policy.js';

describe('buffers', () => {
  it.each([
    [null, null, 0, 15],
    [10, null, 10, 15],
    [null, 20, 0, 20],
    [5, 10, 5, 10],
    [0, 0, 0, 0],
  ])(
    "of a type with %s before and %s after are %s and %s where the provider's is 15 (Y-23)",
    (before, after, expectedBefore, expectedAfter) => {
      expect(
        buffersOf({ bufferBeforeMinutes: before, bufferAfterMinutes: after }, { bufferMinutes: 15 }),
      ).toEqual({ beforeMinutes: expectedBefore, afterMinutes: expectedAfter });
    },
  );
});
