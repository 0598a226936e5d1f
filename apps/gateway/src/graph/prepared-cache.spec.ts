import { parse } from 'graphql';
import { PreparedCache } from './prepared-cache.js';

describe('the cache of prepared operations', () => {
  it('makes each text once for each combination of labels, also when it is parsed anew', () => {
    const cache = new PreparedCache<number>();
    let made = 0;
    const get = (...on: string[]): number => cache.get(parse('{ a }'), undefined, on, () => (made += 1));
    expect([get(), get('x'), get(), get('x', 'y'), get('x')]).toEqual([1, 2, 1, 3, 2]);
  });

  it('forgets those that were not used for longest, and never one that is in use', () => {
    const cache = new PreparedCache<number>();
    const hot = parse('{ hot }');
    for (let index = 0; index < 10_000; index += 1) {
      cache.get(hot, undefined, [], () => -1);
      cache.get(parse(`{ a${index} }`), undefined, [], () => index);
    }
    const texts = cache.texts().map(({ text }) => text);
    expect(texts.length).toBeLessThanOrEqual(2_000);
    expect(texts.slice(0, 2)).toEqual(['{ a9999 }', '{ hot }']);
  });
});
