import { shareOf } from './assignment.js';

const partitions = ['booking.appointment', 'payments.payment'].flatMap((topic) =>
  [0, 1, 2, 3].map((partition) => ({ topic, partition })),
);
const everywhere = (member: number): { topic: string; member: number }[] =>
  ['booking.appointment', 'payments.payment'].map((topic) => ({ topic, member }));

describe('the shares of the members of a group', () => {
  it('cover each partition exactly once, whoever computes them', () => {
    const members = [30, 10, 20].flatMap(everywhere);
    const shares = [10, 20, 30].flatMap((member) => shareOf(member, partitions, [...members].reverse()));
    expect(shares).toHaveLength(8);
    expect(new Set(shares).size).toBe(8);
  });

  it('are even', () => {
    const members = [10, 20].flatMap(everywhere);
    expect(shareOf(10, partitions, members)).toHaveLength(4);
    expect(shareOf(20, partitions, members)).toHaveLength(4);
  });

  it('leave a topic to those who subscribe to it', () => {
    const members = [...everywhere(10), { topic: 'payments.payment', member: 20 }];
    expect(
      shareOf(10, partitions, members).filter(({ topic }) => topic === 'booking.appointment'),
    ).toHaveLength(4);
    expect(shareOf(20, partitions, members).every(({ topic }) => topic === 'payments.payment')).toBe(true);
  });

  it('are empty for somebody who is no member any more', () => {
    expect(shareOf(40, partitions, everywhere(10))).toEqual([]);
  });
});
