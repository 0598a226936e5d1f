// The whole lifecycle of a partner's key, as a table. The README's diagram is printed from it.
export const partnerKeyStatuses = ['ACTIVE', 'REVOKED'] as const;
export type PartnerKeyStatus = (typeof partnerKeyStatuses)[number];

/** A verb that is not listed for a status is refused. A key that is past its time is refused by the gateway by itself. */
export const lifecycle = {
  revoke: { from: ['ACTIVE'], to: 'REVOKED' },
} as const satisfies Record<
  string,
  { readonly from: readonly PartnerKeyStatus[]; readonly to: PartnerKeyStatus }
>;
