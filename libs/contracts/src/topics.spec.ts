import { catalogue, topics } from './index.js';

describe('the topics of the catalogue', () => {
  it('are those of its events, each once, with all of its types', () => {
    const ofEvents = new Set([...catalogue.values()].map(({ topic }) => topic));
    expect(topics().map(({ name }) => name)).toEqual([...ofEvents].sort());
    expect(topics().flatMap(({ types }) => types)).toHaveLength(catalogue.size);
  });

  it('are compacted where each event is the whole state of its key, and else kept for a week', () => {
    expect(
      topics()
        .filter(({ compacted }) => compacted)
        .map(({ name }) => name),
    ).toEqual([
      'booking.claim',
      'booking.patient',
      'calendar-sync.calendar-connection',
      'platform.feature-flag',
      'platform.membership',
      'platform.partner-key',
      'platform.revoked-session',
      'scheduling.appointment-type',
      'scheduling.location',
      'scheduling.practice',
      'scheduling.provider',
    ]);
    for (const { compacted, retentionMs } of topics())
      expect(retentionMs).toBe(compacted ? null : 604_800_000);
  });
});
