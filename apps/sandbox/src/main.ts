// Starts the sandbox and stops it on a signal.
import { createLogger } from '@caregraph/runtime';
import { readSandboxConfig } from './config.js';
import { startSandbox } from './sandbox.js';

const config = readSandboxConfig(process.env);
const log = createLogger('sandbox', config.LOG_LEVEL);
const sandbox = await startSandbox(config, log);
log.info({ port: sandbox.port, url: sandbox.url }, 'the sandbox stands');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void sandbox.close().finally(() => process.exit(0));
  });
}
