// The checker goes red on what breaks the promise, and on nothing else.
import { missedBy, failuresOf, type Change, type Heard, type Subscriber } from './live-log.js';

const begin = 1_000_000;
const change = (version: number, at: number): Change => ({
  appointmentId: 'a',
  providerId: 'p',
  practiceId: 'r',
  version,
  at: begin + at,
});
const event = (version: number, at: number, resync = false): Heard => ({
  kind: 'event',
  at: begin + at,
  appointmentId: 'a',
  version,
  resync,
});
const asked = (at = 0): Heard => ({ kind: 'asked', at: begin + at });
const watching = (...heard: Heard[]): Subscriber => ({
  name: 'somebody',
  topic: { field: 'providerId', id: 'p' },
  heard,
});
const changes = [change(2, 10_000), change(3, 100_000)];

describe('what a subscriber missed', () => {
  it('is nothing where each change came in time', () => {
    expect(missedBy(watching(asked(), event(1, 100), event(2, 10_300), event(3, 100_200)), changes)).toEqual(
      [],
    );
  });

  it('is an event that was dropped', () => {
    expect(missedBy(watching(asked(), event(1, 100), event(3, 100_200)), changes)).toEqual([
      expect.stringMatching(/somebody missed v2 of a/),
    ]);
  });

  it('is the last event, when none came after it', () => {
    expect(missedBy(watching(asked(), event(1, 100), event(2, 10_300)), changes)).toEqual([
      expect.stringMatching(/missed v3 of a/),
    ]);
  });

  it('is an event that came far too late', () => {
    const heard = [asked(), event(2, 10_300), event(3, 160_000)];
    expect(missedBy(watching(...heard), changes)).toEqual([expect.stringMatching(/missed v3 of a/)]);
  });

  it('is nothing where a later version came in its place, or a mark tells of it', () => {
    expect(missedBy(watching(asked(), event(3, 100_200)), [change(2, 99_900), change(3, 100_000)])).toEqual(
      [],
    );
    const marked: Heard = { kind: 'resync', at: begin + 12_000 };
    expect(missedBy(watching(asked(), marked, event(3, 100_200)), changes)).toEqual([]);
    expect(missedBy(watching(asked(), event(1, 12_000, true), event(3, 100_200)), changes)).toEqual([]);
  });

  it('is what a mark of long after, or of before, does not tell of', () => {
    const [before, after] = [9_000, 60_000].map((at): Heard => ({ kind: 'resync', at: begin + at }));
    for (const mark of [before, after])
      expect(missedBy(watching(asked(), mark as Heard, event(3, 100_200)), changes)).toHaveLength(1);
  });

  it('is nothing while it was cut off and came back, which it knows itself', () => {
    const cut: Heard = { kind: 'cut', at: begin + 9_000, code: '1001' };
    expect(
      missedBy(
        watching(asked(), event(1, 100), cut, asked(10_500), event(2, 10_700), event(3, 100_100)),
        changes,
      ),
    ).toEqual([]);
    expect(
      missedBy(
        watching(asked(), event(1, 100), cut, asked(9_500), event(1, 9_700), event(3, 100_100)),
        changes,
      ),
    ).toHaveLength(1);
  });

  it('is nothing of before it began, of after it left, and of what it does not watch', () => {
    const left = { ...watching(asked(50_000)), leftAt: begin + 101_000 };
    expect(missedBy(left, changes)).toEqual([]);
    const elsewhere = { ...watching(asked()), topic: { field: 'practiceId', id: 'other' } as const };
    expect(missedBy(elsewhere, changes)).toEqual([]);
  });
});

describe('what a subscriber must not be told', () => {
  it('is a version that goes back', () => {
    const heard = [asked(), event(2, 10_100), event(3, 100_100), event(2, 100_200)];
    expect(missedBy(watching(...heard), changes)).toEqual(['somebody heard v2 of a after v3']);
  });

  it('is an error', () => {
    expect(failuresOf(watching(asked(), { kind: 'failed', at: begin, why: 'UNAVAILABLE' }))).toHaveLength(1);
    expect(failuresOf(watching(asked(), event(1, 1)))).toEqual([]);
  });
});
