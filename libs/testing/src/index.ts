export * from './app-database.js';
export * from './postgres.js';
export * from './suite-database.js';
