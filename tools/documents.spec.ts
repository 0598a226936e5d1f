import fs from 'node:fs';
import path from 'node:path';
import { operations } from './demo/operations.js';
import { faultsIn, graphSchema, manifestFile, ownManifest } from './documents.js';

const root = path.resolve(import.meta.dirname, '..');

describe('the operations of our own clients', () => {
  it('can all be served by the graph, and the manifest that the gateway trusts is made of them', () => {
    expect(faultsIn(ownManifest())).toEqual([]);
    expect(fs.readFileSync(path.join(root, manifestFile), 'utf8')).toBe(ownManifest());
  });

  it('are what the demo and the stories send, each of them', () => {
    const sources = fs.globSync(['e2e/**/*.ts', 'tools/demo/*.ts'], { cwd: root });
    const all = sources.map((file) => fs.readFileSync(path.join(root, file), 'utf8')).join('\n');
    // A verb on an appointment is sent by its field's name: World.act.
    const isSent = (name: string): boolean =>
      all.includes(`operation('${name}')`) ||
      all.includes(`'${name.charAt(0).toLowerCase()}${name.slice(1)}'`);
    expect([...operations.keys()].filter((name) => !isSent(name))).toEqual([]);
  });
});

describe('the manifest of a client', () => {
  const schema = graphSchema();
  const faults = (...bodies: string[]): string[] => {
    const documents = bodies.map((body) => ({ id: 'one', name: 'Mine', type: 'query', body }));
    return faultsIn(JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: documents }), schema); // prettier-ignore
  };

  it('is told what the graph does not have, what is beyond its limits, and which id was given twice', () => {
    expect(faults('query Mine { practices { nothing } }')).toEqual([
      expect.stringMatching(/^Mine: Cannot query field "nothing"/),
    ]);
    const aliases = Array.from({ length: 31 }, (_, at) => `a${at}: __typename`).join(' ');
    expect(faults(`query Mine { ${aliases} }`)).toEqual([expect.stringMatching(/more than 30 aliases/)]);
    expect(faults('query Mine { __typename }', 'query Mine { other: __typename }')).toEqual([
      expect.stringMatching(/has the id one/),
    ]);
    expect(() => faultsIn('{}', schema)).toThrow();
  });
});
