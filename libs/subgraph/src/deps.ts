// What every use case gets. The first argument of a function shows how far it reaches.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@caregraph/runtime';

export interface RequestDeps {
  /** A fork of its own for each request, event or job. */
  readonly em: EntityManager;
  readonly viewer: Viewer;
  /** One instant for the whole request. */
  readonly now: Date;
  readonly requestId: string;
}
