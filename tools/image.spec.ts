import { packagesNeeded } from './image.js';

const lock = {
  'node_modules/server': {
    dependencies: { parser: '1', codec: '2' },
    peerDependencies: { log: '1', pretty: '1' },
  },
  'node_modules/server/node_modules/codec': { dependencies: { bits: '1' } },
  'node_modules/codec': {},
  'node_modules/bits': {},
  'node_modules/parser': { dependencies: { server: '1' } },
  'node_modules/log': {},
  'node_modules/@tools/build': {},
};

describe("what an app's image takes along", () => {
  it('is what the app imports and all that this needs, in the versions that Node will find there', () => {
    expect(packagesNeeded(['server'], lock)).toEqual([
      'node_modules/bits',
      'node_modules/log',
      'node_modules/parser',
      'node_modules/server',
      'node_modules/server/node_modules/codec',
    ]);
  });

  it('is nothing that only builds it, and nothing of Node itself', () => {
    expect(packagesNeeded(['fs', 'codec'], lock)).toEqual(['node_modules/codec']);
  });

  it('cannot be assembled while a package is imported that nobody installs', () => {
    expect(() => packagesNeeded(['unheard-of'], lock)).toThrow('unheard-of is imported from the app');
  });
});
