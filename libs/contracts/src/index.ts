export * from './refusal.js';
export * from './event.js';
export * from './offer.js';
export * from './booking.events.js';
export * from './calendar-sync.events.js';
export * from './notifications.events.js';
export * from './payments.events.js';
export * from './scheduling.events.js';
