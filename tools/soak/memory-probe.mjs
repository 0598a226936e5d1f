// Loaded into each app's process before the app (`--import`): collects the garbage now and then and writes what is
// left, with the count of requests that the process has served by then. Only a soak does this.
import diagnostics from 'node:diagnostics_channel';
import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';

/** A collection takes processor time, on a machine with too little of it up to a second. */
const everyMs = 30_000;
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const file = path.join(process.env.SOAK_MEMORY_DIR, `${process.pid}.ndjson`);
let requests = 0;
diagnostics.subscribe('http.server.request.start', () => {
  requests += 1;
});
setInterval(() => {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  const cpu = process.cpuUsage();
  const sample = {
    at: Date.now(),
    rss,
    held: heapUsed + external,
    requests,
    cpuMs: Math.round((cpu.user + cpu.system) / 1_000),
  };
  fs.appendFileSync(file, `${JSON.stringify(sample)}\n`);
}, everyMs).unref();
