import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { reasonToInstall, writeStamp } from './preflight.mjs';

describe('the preflight', () => {
  let root: string;
  const install = (name: string): void => {
    fs.mkdirSync(path.join(root, 'node_modules', name), { recursive: true });
    fs.writeFileSync(path.join(root, 'node_modules', name, 'package.json'), '{}');
  };
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-preflight-'));
    fs.writeFileSync(
      path.join(root, 'package.json'),
      '{"dependencies":{"pg":"1.0.0"},"devDependencies":{"jest":"1.0.0"}}',
    );
    fs.writeFileSync(path.join(root, 'package-lock.json'), '{"one":1}');
  });
  afterEach(() => {
    fs.rmSync(root, { recursive: true, force: true });
  });

  it('installs where nothing is installed', () => {
    expect(reasonToInstall(root)).toBe('they are missing');
  });

  it('installs again after an install that was interrupted', () => {
    install('pg');
    expect(reasonToInstall(root)).toBe('the last install did not finish');
  });

  it('leaves a finished install alone', () => {
    install('pg');
    install('jest');
    writeStamp(root);
    expect(reasonToInstall(root)).toBeNull();
  });

  it('takes over an install that somebody finished by hand', () => {
    const lock = JSON.stringify({
      packages: {
        'node_modules/pg': { version: '1.0.0' },
        'node_modules/mac': { version: '1.0.0', optional: true },
      },
    });
    fs.writeFileSync(path.join(root, 'package-lock.json'), lock);
    install('pg');
    install('jest');
    fs.writeFileSync(
      path.join(root, 'node_modules', '.package-lock.json'),
      '{"packages":{"node_modules/pg":{"version":"0.9.0"}}}',
    );
    expect(reasonToInstall(root)).toBe('the last install did not finish');
    fs.writeFileSync(
      path.join(root, 'node_modules', '.package-lock.json'),
      '{"packages":{"node_modules/pg":{"version":"1.0.0"}}}',
    );
    expect(reasonToInstall(root)).toBeNull();
  });

  it('does not tear down what somebody added by hand since, with the lock file', () => {
    const lock = (version: string): string => JSON.stringify({ packages: { 'node_modules/pg': { version } } });
    fs.writeFileSync(path.join(root, 'package-lock.json'), lock('1.0.0'));
    install('pg');
    install('jest');
    writeStamp(root);
    fs.writeFileSync(path.join(root, 'package-lock.json'), lock('2.0.0'));
    expect(reasonToInstall(root)).toBe('package-lock.json changed');
    fs.writeFileSync(path.join(root, 'node_modules', '.package-lock.json'), lock('2.0.0'));
    expect(reasonToInstall(root)).toBeNull();
  });

  it('installs again when the lock file changed', () => {
    install('pg');
    install('jest');
    writeStamp(root);
    fs.writeFileSync(path.join(root, 'package-lock.json'), '{"one":2}');
    expect(reasonToInstall(root)).toBe('package-lock.json changed');
  });

  it('installs again when a package was removed by hand', () => {
    install('pg');
    writeStamp(root);
    expect(reasonToInstall(root)).toBe('jest is not complete');
  });
});
