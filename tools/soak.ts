// `npm run soak`: a whole stack under mixed load while every app is replaced, one process after the other, as a rolling
// update in Kubernetes does it. docs/soak.md tells what is checked.
import { Report } from './chaos/report.js';
import { readOptions } from './soak/options.js';
import { soak } from './soak/soak.js';

const report = new Report();
await soak(report, readOptions(process.argv.slice(2)));
process.exitCode = report.close() ? 0 : 1;
