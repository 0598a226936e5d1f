export * from './app-database.js';
export * from './drain.js';
export * from './eventually.js';
export * from './gateway-client.js';
export * from './movable-clock.js';
export * from './postgres.js';
export { stopLeftover } from './postgres-leftovers.js';
export * from './suite-database.js';
