// `npm start`: builds what changed, then runs the bundles on this machine until Ctrl-C. With `-- --kafka` the events go
// over Kafka.
import path from 'node:path';
import { buildInto } from './build-all.js';
import { seedOf } from './stack/seed.js';
import { runInTerminal } from './stack/terminal.js';

const dir = path.resolve(import.meta.dirname, '../.caregraph');

await runInTerminal(
  {
    dir,
    mode: 'bundle',
    bundles: path.join(dir, 'apps'),
    preferredGatewayPort: 4000,
    kafka: process.argv.includes('--kafka'),
    prepare: () => buildInto(dir),
    seed: await seedOf(),
  },
  () => () => undefined,
);
