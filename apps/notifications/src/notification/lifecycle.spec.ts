import { readFileSync } from 'node:fs';
import {
  lifecycle,
  lifecycleDiagram,
  may,
  notificationStatuses,
  type NotificationStatus,
  type Verb,
} from './lifecycle.js';

// Written by hand, so that a change of the table has to be made twice.
const expected: Record<Verb, readonly NotificationStatus[]> = {
  skip: ['QUEUED'],
  accept: ['QUEUED'],
  fail: ['QUEUED', 'SENT'],
  deliver: ['QUEUED', 'SENT', 'FAILED'],
  bounce: ['QUEUED', 'SENT', 'FAILED', 'DELIVERED'],
};
const verbs = Object.keys(lifecycle) as Verb[];

describe('the lifecycle of a notification', () => {
  it.each(verbs.flatMap((verb) => notificationStatuses.map((status) => [verb, status] as const)))(
    'allows %s from %s only where the hand-written table does',
    (verb, status) => {
      expect(may(verb, status)).toBe(expected[verb].includes(status));
    },
  );

  it('reaches every status', () => {
    const reached = new Set<string>(['QUEUED', ...verbs.map((verb) => lifecycle[verb].to)]);
    expect([...reached].sort()).toEqual([...notificationStatuses].sort());
  });

  it('is drawn in the README as the table has it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`mermaid\n${lifecycleDiagram()}\n\`\`\``);
  });
});
