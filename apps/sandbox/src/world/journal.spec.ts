import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal.js';

describe('the journal of the sandbox', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'caregraph-journal-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const begun = (): Journal => {
    const journal = new Journal(folder);
    journal.begin();
    return journal;
  };
  const file = (): string => join(folder, 'state.jsonl');
  const linesWritten = (): number => readFileSync(file(), 'utf8').split('\n').length - 1;
  const remembered = (name = 'holds'): [string, unknown][] => [...new Journal(folder).shelf(name)];

  it('remembers what was put, changed in place and removed, in the order in which it came', () => {
    const journal = begun();
    const holds = journal.shelf<{ status: string }>('holds');
    for (const id of ['one', 'two', 'three']) holds.set(id, { status: 'held' });
    journal.commit();
    Object.assign(holds.get('one') ?? {}, { status: 'captured' });
    holds.delete('two');
    journal.commit();
    expect(remembered()).toEqual([
      ['one', { status: 'captured' }],
      ['three', { status: 'held' }],
    ]);
  });

  it('writes one line per change, whatever it touches, and none for what was only read', () => {
    const journal = begun();
    journal.shelf('holds').set('one', { status: 'held' });
    journal.shelf('answers').set('key', { status: 200 });
    journal.commit();
    expect(linesWritten()).toBe(1);
    journal.shelf('holds').get('one');
    journal.shelf('holds').get('nothing');
    journal.commit();
    expect(linesWritten()).toBe(1);
  });

  it('forgets a last line that was not written to its end, and goes on', () => {
    const first = begun();
    first.shelf('holds').set('one', 1);
    first.commit();
    appendFileSync(file(), '[["holds","two",{"sta');
    const second = begun();
    second.shelf('holds').set('three', 3);
    second.commit();
    expect(remembered()).toEqual([
      ['one', 1],
      ['three', 3],
    ]);
  });

  it('does not begin with a line that is broken anywhere else', () => {
    writeFileSync(file(), '[["holds","one",1]]\n[["hol\n[["holds","two",2]]\n');
    expect(() => new Journal(folder)).toThrow(/^Line 2 of .*state\.jsonl is broken/);
  });

  it('leaves the file alone until it begins, and then leaves out what is out of date', () => {
    const journal = begun();
    for (const value of [1, 2, 3]) {
      journal.shelf('holds').set('one', value);
      journal.commit();
    }
    const next = new Journal(folder);
    next.shelf('holds').set('two', 2);
    next.commit();
    expect(linesWritten()).toBe(3);
    next.begin();
    expect(linesWritten()).toBe(1);
    expect(remembered()).toEqual([
      ['one', 3],
      ['two', 2],
    ]);
  });

  it('fails loudly when its file is removed or replaced under it', () => {
    const journal = begun();
    begun();
    journal.shelf('holds').set('one', 1);
    expect(() => {
      journal.commit();
    }).toThrow(/removed or replaced/);
  });

  it('is readable by its owner only', () => {
    begun();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('writes nothing without a folder', () => {
    const journal = new Journal();
    journal.begin();
    journal.shelf('holds').set('one', 1);
    journal.commit();
    expect([...journal.shelf('holds')]).toEqual([['one', 1]]);
  });
});
