// `npm run dev`: runs the sources, and starts an app again when a file of its program changes.
import path from 'node:path';
import { apps } from './stack/apps.js';
import { seedOf } from './stack/seed.js';
import { runInTerminal } from './stack/terminal.js';
import { watchApps } from './stack/watch.js';

const root = path.resolve(import.meta.dirname, '..');

await runInTerminal(
  { dir: path.join(root, '.caregraph'), mode: 'source', preferredGatewayPort: 4000, seed: await seedOf() },
  (stack) =>
    watchApps(
      apps.map(({ name }) => name),
      async (app, file) => {
        const started = Date.now();
        process.stdout.write(`${file} changed: ${app} starts again\n`);
        await stack.restart(app);
        process.stdout.write(`${app} is ready after ${Date.now() - started} ms\n`);
      },
    ),
);
