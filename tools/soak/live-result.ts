// What subscribers ask for, and how a result of it is noted.
import type { Heard } from './live-log.js';

/** Fields of several subgraphs, so that each event is completed by all of them. */
export const watchDocument = `subscription Watch($appointmentId: ID, $providerId: ID, $practiceId: ID) {
  appointmentChanged(appointmentId: $appointmentId, providerId: $providerId, practiceId: $practiceId) {
    reason version
    appointment { id status version start provider { name } payment { status } notifications { cause status } }
  }
}`;

interface Result {
  readonly data?: {
    readonly appointmentChanged?: {
      readonly version: number;
      readonly appointment: { readonly id: string };
    } | null;
  } | null;
  readonly errors?: readonly unknown[];
  readonly extensions?: { readonly resync?: boolean };
}

/** Notes a result. An error in it is a failure: nobody asked for what he may not see. */
export function take(heard: Heard[], result: unknown): void {
  const { data, errors, extensions } = result as Result;
  const at = Date.now();
  const resync = extensions?.resync === true;
  const change = data?.appointmentChanged;
  if (errors !== undefined) heard.push({ kind: 'failed', at, why: JSON.stringify(errors).slice(0, 300) });
  if (change)
    heard.push({ kind: 'event', at, appointmentId: change.appointment.id, version: change.version, resync });
  else if (resync) heard.push({ kind: 'resync', at });
}
