// The process that the contract suite kills with -9.
import { runContractWorker } from '../crash.contract.js';
import { transportUnderTest } from './spec-broker.js';

await runContractWorker(transportUnderTest());
