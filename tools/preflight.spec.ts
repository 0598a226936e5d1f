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
  const lock = (version: string): string =>
    JSON.stringify({
      packages: {
        '': {},
        'node_modules/pg': { version },
        'node_modules/jest': { version },
        'node_modules/for-another-system': { version, optional: true },
        'node_modules/@caregraph/booking': { link: true },
      },
    });
  const writeLock = (file: string, version: string): void => {
    fs.writeFileSync(path.join(root, file), lock(version));
  };
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-preflight-'));
    writeLock('package-lock.json', '1.0.0');
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

  it('installs again when the lock file changed', () => {
    install('pg');
    install('jest');
    writeStamp(root);
    writeLock('package-lock.json', '2.0.0');
    expect(reasonToInstall(root)).toBe('package-lock.json changed');
  });

  it('never tears down what somebody installed by hand, with the lock file', () => {
    install('pg');
    install('jest');
    writeStamp(root);
    writeLock('package-lock.json', '2.0.0');
    writeLock('node_modules/.package-lock.json', '2.0.0');
    expect(reasonToInstall(root)).toBeNull();
  });

  it('installs again when a package was removed by hand', () => {
    install('pg');
    writeStamp(root);
    expect(reasonToInstall(root)).toBe('jest is not complete');
  });
});
