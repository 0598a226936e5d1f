import { limit } from './limit.js';

describe('a limit', () => {
  it('runs no more at once than it allows, and everything in the end', async () => {
    const limited = limit(3);
    let running = 0;
    let most = 0;
    const work = async (value: number): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (value % 4 === 0) throw new Error('failed');
      return value;
    };
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => limited(() => work(index))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(15);
    expect(most).toBe(3);
  });
});
