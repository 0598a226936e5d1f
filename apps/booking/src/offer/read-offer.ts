// Reads a slot's signed offer and finds what booking knows of the things it names, without a call to scheduling.
import type { EntityManager } from '@mikro-orm/postgresql';
import { readOffer, Refusal, type Offer, type OfferFault, type OfferKey } from '@caregraph/contracts';
import { unavailable } from '@caregraph/subgraph';
import { KnownAppointmentType, KnownProvider } from '../catalogue/known.js';

export class OfferRejected extends Refusal {
  readonly code = 'OFFER_REJECTED';
  readonly message: string;
  constructor(readonly fault: OfferFault | 'NOT_BOOKABLE' | 'MISMATCHED') {
    super();
    this.message = `The offer is ${fault}: ask for the free times again.`;
  }
}

export interface OfferedSlot {
  readonly offer: Offer;
  readonly provider: KnownProvider;
  readonly type: KnownAppointmentType;
  readonly end: Date;
}

/** Verifies the offer. A copy of ours that is older than the offer is caught up within moments: UNAVAILABLE, retry. */
export async function offeredSlot(
  em: EntityManager,
  text: string,
  context: { readonly offerKeys: Iterable<OfferKey>; readonly now: Date },
): Promise<OfferedSlot | OfferRejected> {
  const offer = readOffer(text, context.offerKeys, context.now);
  if (typeof offer === 'string') return new OfferRejected(offer);
  if (offer.start <= context.now) return new OfferRejected('EXPIRED');
  const provider = await em.findOne(KnownProvider, { id: offer.providerId });
  const type = await em.findOne(KnownAppointmentType, { id: offer.appointmentTypeId });
  if (
    !provider ||
    !type ||
    provider.version < offer.providerVersion ||
    type.version < offer.appointmentTypeVersion
  ) {
    throw unavailable('This offer is newer than what booking has heard of; try again in a moment.');
  }
  const bookable = provider.active && type.active && type.providerIds.includes(provider.id);
  if (!bookable) return new OfferRejected('NOT_BOOKABLE');
  return { offer, provider, type, end: new Date(offer.start.getTime() + type.durationMinutes * 60_000) };
}

/** Y-23: the type's buffers if set, else none before and the provider's after. */
export const buffersOf = (
  type: KnownAppointmentType,
  provider: KnownProvider,
): { before: number; after: number } => ({
  before: type.bufferBeforeMinutes ?? 0,
  after: type.bufferAfterMinutes ?? provider.settings.bufferMinutes,
});
