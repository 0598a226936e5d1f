// `npm run chaos`: the fault campaign. Breaks a whole stack in many ways at once, lets it heal, and proves on the
// databases and the vendors' books that nothing was lost and nothing was done twice. docs/fault-campaign.md tells more.
import { readOptions } from './chaos/options.js';
import { prove } from './chaos/prove.js';
import { Report } from './chaos/report.js';
import { breakAndCheck } from './chaos/break-and-check.js';

const options = readOptions(process.argv.slice(2));
const report = new Report();
if (options.prove) await prove(report, options.only);
else await breakAndCheck(report, options);
process.exitCode = report.close() ? 0 : 1;
