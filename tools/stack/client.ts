// A running stack, seen from another process: reads its file, and asks its supervisor to stop or kill an app.
import type { StoredSpan } from './collector.js';
import type { Controls } from './control.js';
import { readStackFile, type StackFile } from './stack-file.js';

export interface RemoteStack extends Omit<Controls, 'kill'> {
  /** Read afresh each time: pids change when an app is started again. */
  describe(): StackFile;
  /** Sends the signal (SIGKILL if not said otherwise); the supervisor starts the app again if it dies of it. */
  kill(app: string, signal?: NodeJS.Signals): Promise<void>;
  /** The spans that the stack keeps, of one trace or of all. Apps send theirs about a second after they end. */
  spans(traceId?: string): Promise<StoredSpan[]>;
}

/** @param file path of a `stack.json` */
export function connectStack(file: string): RemoteStack {
  const ask = async (action: string, parameters: Readonly<Record<string, string>>): Promise<void> => {
    const { control } = readStackFile(file);
    const url = new URL(action, control.url);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.token}` },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The supervisor refused to ${action}: ${text}`);
  };
  return {
    describe: () => readStackFile(file),
    kill: (app, signal = 'SIGKILL') => ask('kill', { app, signal }),
    restart: (app) => ask('restart', { app }),
    stopApp: (app) => ask('stop', { app }),
    startApp: (app) => ask('start', { app }),
    waitReady: (app) => ask('ready', app === undefined ? {} : { app }),
    stopPostgres: () => ask('stop-postgres', {}),
    startPostgres: () => ask('start-postgres', {}),
    killBroker: () => ask('kill-broker', {}),
    startBroker: () => ask('start-broker', {}),
    spans: async (traceId) => {
      const { control } = readStackFile(file);
      const url = new URL(`spans${traceId === undefined ? '' : `?trace=${traceId}`}`, control.url);
      const response = await fetch(url, { headers: { authorization: `Bearer ${control.token}` } });
      if (!response.ok) throw new Error(`The supervisor refused to show spans: ${await response.text()}`);
      return (await response.json()) as StoredSpan[];
    },
  };
}
