// Each process's output goes whole to a file; the terminal gets only what is wrong, with the app's name before it.
import fs from 'node:fs';
import path from 'node:path';

/** A log that grew past this is put aside at the next start, bytes. */
const rotateAt = 5_000_000;
const tailLines = 40;

export interface AppLog {
  readonly file: string;
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** The last lines, for an error message. */
  tail(): string;
  close(): void;
}

/** @param show gets the lines for the terminal. */
export function openLog(dir: string, app: string, show: (line: string) => void): AppLog {
  const file = path.join(dir, 'logs', `${app}.log`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (fs.existsSync(file) && fs.statSync(file).size > rotateAt) fs.renameSync(file, `${file}.1`);
  const handle = fs.openSync(file, 'a');
  const recent: string[] = [];
  const unfinished = { stdout: '', stderr: '' };
  let open = true;

  return {
    file,
    write: (stream, text) => {
      if (!open) return;
      fs.writeSync(handle, text);
      const lines = (unfinished[stream] + text).split('\n');
      unfinished[stream] = lines.pop() ?? '';
      for (const line of lines) {
        recent.push(line);
        if (recent.length > tailLines) recent.shift();
        const shown = terminalLine(stream, line);
        if (shown !== null) show(`[${app}] ${shown}`);
      }
    },
    tail: () => [...recent, unfinished.stderr].filter(Boolean).join('\n'),
    close: () => {
      if (open) fs.closeSync(handle);
      open = false;
    },
  };
}

/** What of a line the terminal shows: errors in words; nothing of what is fine. */
export function terminalLine(stream: 'stdout' | 'stderr', line: string): string | null {
  const entry = parsed(line);
  if (!entry) return stream === 'stderr' && line.trim() !== '' && !nodeWarning.test(line) ? line : null;
  if (entry.level !== 'error' && entry.level !== 'fatal') return null;
  return `${entry.level}: ${entry.msg ?? ''}${entry.err?.message ? ` (${entry.err.message})` : ''}`;
}

/** Node's own warnings, of deprecations for example: nothing that the person at the terminal can act on. */
const nodeWarning = /^\(node:\d+\)|^\(Use `node --trace/;

interface LogEntry {
  readonly level?: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

function parsed(line: string): LogEntry | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return null;
  }
}
