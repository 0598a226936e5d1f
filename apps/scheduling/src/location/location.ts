// A place of a practice where appointments happen; a telehealth location is one too.
import { locationChanged, Refusal, type EventOf, type LocationChanged } from '@caregraph/contracts';

export const locationKinds = [
  'IN_PERSON',
  'TELEHEALTH',
  'HOME_VISIT',
] as const satisfies LocationChanged['kind'][];
export type LocationKind = (typeof locationKinds)[number];

export class UnknownLocation extends Refusal {
  readonly code = 'UNKNOWN_LOCATION';
  readonly message: string;
  constructor(readonly locationId: string) {
    super();
    this.message = `There is no location ${locationId} here.`;
  }
}

export class Location {
  id!: string;
  practiceId!: string;
  version = 1;
  name!: string;
  kind!: LocationKind;
  /** IANA. */
  timeZone!: string;
  /** One line, as printed in messages. */
  address!: string | null;
  instructions!: string | null;
  active = true;
  createdAt!: Date;
  updatedAt!: Date;

  /** Whole state, for those who keep a copy. */
  changed(): EventOf<typeof locationChanged> {
    const { id: locationId, practiceId, version, name, kind, timeZone, address, instructions, active } = this;
    return locationChanged.of({
      locationId,
      practiceId,
      version,
      name,
      kind,
      timeZone,
      address,
      instructions,
      active,
    });
  }
}
