// A room, chair or piece of equipment of a location, claimed together with the provider (SC-049). No event tells of it:
// others know it only as an id in offers, types and claims.
import { Refusal } from '@caregraph/contracts';

export const resourceKinds = ['ROOM', 'CHAIR', 'EQUIPMENT'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

export class UnknownResource extends Refusal {
  readonly code = 'UNKNOWN_RESOURCE';
  readonly message: string;
  constructor(readonly resourceId: string) {
    super();
    this.message = `This practice has no resource ${resourceId}.`;
  }
}

export class Resource {
  id!: string;
  practiceId!: string;
  locationId!: string;
  version = 1;
  name!: string;
  kind!: ResourceKind;
  createdAt!: Date;
  updatedAt!: Date;
}
