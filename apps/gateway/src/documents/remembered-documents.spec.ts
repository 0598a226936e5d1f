import { RememberedDocuments } from './remembered-documents.js';

const limits = { documents: 6, characters: 60, perCaller: 3, perCallerCharacters: 40 };

describe('documents that clients have sent', () => {
  const remembered = (): RememberedDocuments => new RememberedDocuments(limits);
  const send = (store: RememberedDocuments, caller: string, ...hashes: string[]): void => {
    for (const hash of hashes) store.remember(hash, hash.padEnd(10), caller);
  };
  const known = (store: RememberedDocuments, ...hashes: string[]): string[] =>
    hashes.filter((hash) => store.find(hash, 'nobody') !== undefined);

  it('push out those of the same caller that he used longest ago, and nobody else’s', () => {
    const store = remembered();
    send(store, 'pat', 'p1', 'p2');
    send(store, 'mallory', ...Array.from({ length: 100 }, (_, turn) => `m${turn}`));
    expect(known(store, 'p1', 'p2', 'm0', 'm96', 'm97', 'm98', 'm99')).toEqual([
      'p1',
      'p2',
      'm97',
      'm98',
      'm99',
    ]);
  });

  it('once others use them are not pushed out by who sent them first: he is remembered no more instead', () => {
    const store = remembered();
    send(store, 'mallory', 'a', 'b', 'c');
    for (const hash of ['a', 'b', 'c']) store.find(hash, 'pat');
    send(store, 'mallory', 'd', 'e');
    expect(known(store, 'a', 'b', 'c', 'd', 'e')).toEqual(['a', 'b', 'c']);
    send(store, 'pat', 'd');
    expect(known(store, 'd')).toEqual(['d']);
  });

  it('are bounded in number and in characters, of one caller and of all', () => {
    const store = remembered();
    store.remember('long', 'x'.repeat(41), 'pat');
    store.remember('half', 'x'.repeat(25), 'pat');
    store.remember('other half', 'x'.repeat(25), 'pat');
    expect(known(store, 'long', 'half', 'other half')).toEqual(['other half']);
    for (const caller of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) send(store, caller, `of ${caller}`);
    // Used by another caller, the oldest stays before those that are one caller's own.
    const left = known(store, 'other half', ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((one) => `of ${one}`));
    expect(left).toEqual(['other half', 'of e', 'of f', 'of g']);
  });

  it('stay for as long as they are used', () => {
    const store = remembered();
    send(store, 'pat', 'old', 'older', 'oldest');
    store.find('old', 'pat');
    send(store, 'pat', 'new');
    expect(known(store, 'old', 'older', 'oldest', 'new')).toEqual(['old', 'oldest', 'new']);
  });
});
