// A log that says nothing.
import { createLogger } from '@caregraph/runtime';

export const silentLog = createLogger('spec', 'silent');
