// What every use case gets. The first argument of a function shows how far it reaches.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@caregraph/runtime';

export interface RequestDeps {
  /** A fork of its own for each request, event or job. */
  readonly em: EntityManager;
  readonly viewer: Viewer;
  /** One instant for the whole request; of a subscription, the one in which it began. */
  readonly now: Date;
  readonly requestId: string;
  /** Of a subscription: aborts when its subscriber has left. Whoever waits for events must then stop waiting. */
  readonly left?: AbortSignal;
}
