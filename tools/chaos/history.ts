// Everything that happened in a run as somebody outside saw it: one line of JSON each, in the run's folder.
import fs from 'node:fs';
import path from 'node:path';

/** One try of a request. A request has one definite answer; tries before it have none. */
export interface Try {
  readonly kind: 'try';
  /** The request; its tries share it. */
  readonly request: number;
  /** A login, or null for somebody not logged in. */
  readonly login: string | null;
  /** The mutation's or query's name. */
  readonly act: string;
  readonly key: string | null;
  /** Milliseconds after the run's begin. */
  readonly sentAt: number;
  readonly heardAt: number;
  /** `accepted`: done. `refused`: an expected no. `wrong`: an error that no retry mends. `lost`: unknown, tried again. */
  readonly outcome: 'accepted' | 'refused' | 'wrong' | 'lost';
  /** The refusal's or error's code, or what became of the connection. */
  readonly code?: string;
  readonly id?: string;
  readonly status?: string;
  /** The answer as it came. */
  readonly answer?: string;
}

/** One event of a subscription. */
export interface Watched {
  readonly kind: 'watched';
  /** The subscription; it is opened anew after a loss, and then is another. */
  readonly subscription: number;
  readonly login: string;
  readonly at: number;
  readonly appointmentId: string;
  readonly version: number;
  readonly status: string;
  readonly reason: string;
  readonly answer: string;
}

/** What the nemesis did. */
export interface Struck {
  readonly kind: 'struck';
  readonly at: number;
  readonly fault: string;
  readonly victim?: string;
}

export type Line = Try | Watched | Struck;

export class History {
  private readonly lines: Line[] = [];
  private readonly file: number;
  private readonly begun = performance.now();
  private requests = 0;

  constructor(folder: string) {
    this.file = fs.openSync(path.join(folder, 'history.ndjson'), 'w', 0o600);
  }

  /** Milliseconds since the run began. */
  now(): number {
    return Math.round(performance.now() - this.begun);
  }

  /** A number that no other request or subscription of the run has. */
  nextRequest(): number {
    this.requests += 1;
    return this.requests;
  }

  add(line: Line): void {
    this.lines.push(line);
    fs.writeSync(this.file, `${JSON.stringify(line)}\n`);
  }

  all(): readonly Line[] {
    return this.lines;
  }

  close(): void {
    fs.closeSync(this.file);
  }
}

export const triesOf = (lines: readonly Line[]): Try[] => lines.filter((line) => line.kind === 'try');
export const watchedOf = (lines: readonly Line[]): Watched[] =>
  lines.filter((line) => line.kind === 'watched');
export const struckOf = (lines: readonly Line[]): Struck[] => lines.filter((line) => line.kind === 'struck');
