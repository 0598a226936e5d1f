// `npm start`: builds what changed, then runs the bundles on this machine until Ctrl-C.
import path from 'node:path';
import { buildWhatChanged } from './build-all.js';
import { seedOf } from './stack/seed.js';
import { runInTerminal } from './stack/terminal.js';

const root = path.resolve(import.meta.dirname, '..');

await runInTerminal(
  {
    dir: path.join(root, '.caregraph'),
    mode: 'bundle',
    preferredGatewayPort: 4000,
    prepare: buildWhatChanged,
    seed: await seedOf(),
  },
  () => () => undefined,
);
