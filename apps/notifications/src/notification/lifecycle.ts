// The whole lifecycle of a notification, as a table. The README's diagram is printed from it.

export const notificationStatuses = ['QUEUED', 'SENT', 'DELIVERED', 'FAILED', 'BOUNCED', 'SKIPPED'] as const;
export type NotificationStatus = (typeof notificationStatuses)[number];

interface Transition {
  readonly from: readonly NotificationStatus[];
  readonly to: NotificationStatus;
}

/**
 * A verb that is not listed for a status changes nothing. The vendor's reports come doubled and in any order, so the
 * verbs it causes only lead forward (SENT, FAILED, DELIVERED, BOUNCED), and the last status is the same in each order.
 * A notification that was given up and turns up after all is DELIVERED: what the mailbox says outranks our guess.
 */
export const lifecycle = {
  skip: { from: ['QUEUED'], to: 'SKIPPED' },
  accept: { from: ['QUEUED'], to: 'SENT' },
  fail: { from: ['QUEUED', 'SENT'], to: 'FAILED' },
  deliver: { from: ['QUEUED', 'SENT', 'FAILED'], to: 'DELIVERED' },
  bounce: { from: ['QUEUED', 'SENT', 'FAILED', 'DELIVERED'], to: 'BOUNCED' },
} as const satisfies Record<string, Transition>;

export type Verb = keyof typeof lifecycle;

export const may = (verb: Verb, status: NotificationStatus): boolean =>
  (lifecycle[verb].from as readonly NotificationStatus[]).includes(status);

/** The table as a Mermaid diagram, as the README shows it. */
export function lifecycleDiagram(): string {
  const arrows = Object.entries(lifecycle).flatMap(([verb, { from, to }]) =>
    from.map((status) => `  ${status} --> ${to}: ${verb}`),
  );
  return ['stateDiagram-v2', '  [*] --> QUEUED: plan', ...arrows].join('\n');
}
