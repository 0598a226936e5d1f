export * from './app-database.js';
export { stopLeftover } from './postgres-leftovers.js';
export * from './postgres.js';
export * from './suite-database.js';
