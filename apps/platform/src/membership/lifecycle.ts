// The whole lifecycle of a membership, as a table. The README's diagram is printed from it.
export const membershipStatuses = ['ACTIVE', 'ENDED'] as const;
export type MembershipStatus = (typeof membershipStatuses)[number];

/** A verb that is not listed for a status is refused. One that has ended does not come back: it is granted anew. */
export const lifecycle = {
  end: { from: ['ACTIVE'], to: 'ENDED' },
  erase: { from: ['ENDED'], to: 'ENDED' },
} as const satisfies Record<
  string,
  { readonly from: readonly MembershipStatus[]; readonly to: MembershipStatus }
>;
