import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { manifestFolder, type ManifestFolder } from '../testing/manifest-folder.js';
import { sha256Of } from './manifest.js';
import { TrustedDocuments } from './trusted-documents.js';

describe('the manifests of trusted documents', () => {
  let manifests: ManifestFolder;
  beforeEach(() => {
    manifests = manifestFolder();
  });
  afterEach(() => {
    manifests.remove();
  });
  const open = (...files: string[]): Promise<TrustedDocuments> =>
    TrustedDocuments.open({ mode: 'preferred', files });

  it('of several clients are one list, from files and from folders of them', async () => {
    const web = manifests.write('web', 'query A { a }', 'query B { b }');
    manifests.write('phone', 'query A { a }', ['query C { c }', 'an id of the tool’s own']);
    writeFileSync(path.join(manifests.folder, 'readme.txt'), 'no manifest');
    const documents = await open(web, manifests.folder);
    expect(documents.operations.map(({ name }) => name).sort()).toEqual(['A', 'B', 'C']);
    expect(documents.find(sha256Of('query B { b }'))).toBe('query B { b }');
    expect(documents.find('an id of the tool’s own')).toBe('query C { c }');
    expect([documents.has('query A { a }'), documents.has('query A { a  }')]).toEqual([true, false]);
  });

  it('are refused at the start where they contradict each other, or are none', async () => {
    const one = manifests.write('one', ['query A { a }', 'x']);
    const other = manifests.write('other', ['query B { b }', 'x']);
    await expect(open(one, other)).rejects.toThrow(/gives the id x to another document/);
    writeFileSync(other, '{ "format": "of something else" }');
    await expect(open(other)).rejects.toThrow(/is no manifest of documents/);
    await expect(open(path.join(manifests.folder, 'none.json'))).rejects.toThrow(/ENOENT/);
  });

  it('must have a document where nothing else is served', async () => {
    await expect(TrustedDocuments.open({ mode: 'only', files: [] })).rejects.toThrow(/no manifest/);
  });
});
