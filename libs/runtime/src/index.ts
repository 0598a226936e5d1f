export * from './clock.js';
export * from './config.js';
export * from './health.js';
export * from './log.js';
export * from './seal.js';
export * from './shutdown.js';
export * from './viewer.js';
export * from './database.js';
