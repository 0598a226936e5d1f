// The process that the contract suite kills with -9.
import { createLogger } from '@caregraph/runtime';
import { runContractWorker } from '../crash.contract.js';
import { postgresTransport } from './transport.js';

const log = createLogger('contract-worker', 'silent');
await runContractWorker(postgresTransport({ url: process.env.EVENT_LOG_URL ?? '', log }));
