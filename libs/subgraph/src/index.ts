// Decorators record their types while modules load, so this comes before all of them.
import 'reflect-metadata';
export * from './connection.js';
export * from './page.js';
export * from './deps.js';
export * from './errors.js';
export * from './idempotency.js';
export * from './ids.js';
export * from './masking.js';
export * from './money.js';
export * from './new-id.js';
export * from './requirements.js';
export * from './results.js';
export * from './schema.js';
export * from './server.js';
export * from './subscriptions.js';
