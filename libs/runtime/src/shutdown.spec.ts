import { spawn } from 'node:child_process';
import path from 'node:path';
import { createLogger, gracefulShutdown } from './index.js';

interface Ended {
  readonly code: number | null;
  readonly lines: string[];
  readonly errors: string;
}

/** Runs the process, sends the signals once it is open, and waits for its end. */
function ended(fault: string, signals: NodeJS.Signals[]): Promise<Ended> {
  const program = path.join(import.meta.dirname, 'spec-closing.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, fault]);
  let output = '';
  let errors = '';
  let sent = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (sent || !output.includes('open, closing')) return;
    sent = true;
    for (const signal of signals) child.kill(signal);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, lines: output.trim().split('\n'), errors }));
  });
}

const said = ({ lines }: Ended): string[] => lines.filter((line) => !line.startsWith('{'));
const logged = ({ lines }: Ended): Record<string, unknown>[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a process that is told to end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('by %s closes what it opened, the last first', async (signal) => {
    const end = await ended('', [signal]);
    expect(said(end)).toEqual([
      'open, closing is false',
      'http closes',
      'consumers closed',
      'database closes, closing is true',
    ]);
    expect(logged(end)).toMatchObject([{ msg: 'closing', signal }]);
    expect(end.code).toBe(0);
  });

  it('by both signals, as a terminal and its supervisor send them, closes once', async () => {
    const end = await ended('', ['SIGINT', 'SIGTERM']);
    expect(said(end).filter((line) => line === 'http closes')).toHaveLength(1);
    expect(end.code).toBe(0);
  });

  it('goes on closing when one thing fails, and tells which', async () => {
    const end = await ended('fails', ['SIGTERM']);
    expect(said(end)).toContain('database closes, closing is true');
    expect(logged(end)).toContainEqual(
      expect.objectContaining({ msg: 'could not be closed', reason: 'http', level: 'error' }),
    );
  });

  it('closes what was registered meanwhile', async () => {
    expect(said(await ended('late', ['SIGTERM']))).toContain('latecomer closed');
  });

  it('ends with 1 after the time of grace, and tells what hangs', async () => {
    const end = await ended('hangs', ['SIGTERM']);
    expect(end.code).toBe(1);
    expect(logged(end)).toContainEqual(
      expect.objectContaining({ msg: 'did not close in time', reason: 'http' }),
    );
  });
});

describe('an error that nobody caught', () => {
  it.each(['throws', 'rejects', 'top'])(
    'ends the process with 1 and one line of the log (%s)',
    async (fault) => {
      const end = await ended(fault, []);
      expect(end.code).toBe(1);
      expect(logged(end)).toMatchObject([{ level: 'fatal', msg: 'an error that nobody caught' }]);
      expect(end.errors).toBe('');
      expect(end.lines.join('')).not.toContain('canary');
    },
  );
});

describe('closing without a signal', () => {
  it('happens once, however often it is asked for', async () => {
    const closing = gracefulShutdown(createLogger('spec', 'silent'));
    let closed = 0;
    closing.add('thing', () => (closed += 1));
    expect(closing.closing).toBe(false);
    await Promise.all([closing.close(), closing.close()]);
    await closing.close();
    expect(closed).toBe(1);
    expect(closing.closing).toBe(true);
  });
});
