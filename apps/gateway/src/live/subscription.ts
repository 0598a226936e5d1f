// One subscription of one client, wherever it reads: over a socket or a stream.
import type { GraphQLFormattedError } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import type { ErrorIds } from '../caller/request-id.js';
import type { Group } from './group.js';
import type { PlannedSubscription } from './subscription-plans.js';
import type { Topic } from './topic.js';

/** Where its results go. */
export interface Reader {
  /** @param result serialised, the same text for all who share it. */
  next(result: string): void;
  fail(errors: readonly GraphQLFormattedError[]): void;
  complete(): void;
}

export interface Asked {
  readonly planned: PlannedSubscription;
  readonly variables: Record<string, unknown>;
  readonly viewer: Viewer;
  readonly ids: ErrorIds;
  /** What each event's completion is a part of. */
  readonly traceparent: string | undefined;
  readonly reader: Reader;
}

export class LiveSubscription {
  planned: PlannedSubscription;
  viewer: Viewer;
  readonly variables: Asked['variables'];
  readonly ids: ErrorIds;
  readonly traceparent: string | undefined;
  readonly reader: Reader;
  /** Whether something may have been missed: the next result says so. */
  resync = false;
  /** Where it listens; undefined once it is over. */
  topic: Topic | undefined;
  group: Group | undefined;
  /** A group that was merged into the present one, and may have results to deliver still. */
  former: Group | undefined;

  constructor(asked: Asked) {
    this.planned = asked.planned;
    this.viewer = asked.viewer;
    this.variables = asked.variables;
    this.ids = asked.ids;
    this.traceparent = asked.traceparent;
    this.reader = asked.reader;
  }

  /** Those who ask the same, of the same subgraphs, get the same text. It holds while there is a topic. */
  get key(): string {
    return keyOf(this.planned, this.variables);
  }
}

export const keyOf = (
  { operationName = '', query, on }: PlannedSubscription,
  variables: Asked['variables'],
): string => JSON.stringify([operationName, query, on, variables]);
