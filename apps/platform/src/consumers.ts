// What the platform does about the events of others.
import type { Consumer } from '@caregraph/messaging';
import type { Deps } from './deps.js';
import { onPracticeChanged } from './practice/known-practice.js';

export const consumers: readonly Consumer<Deps>[] = [onPracticeChanged];
