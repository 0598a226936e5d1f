// How much of live updates one socket, one caller, and all together may take, and how they are counted.
import { GraphQLError } from 'graphql';
import type { Viewer } from '@caregraph/runtime';
import { callerKey } from '../caller/caller-key.js';

export interface LiveLimits {
  /** Operations under way on one socket, subscriptions and others. A client shows a page; more is a fault or an attack. */
  readonly perSocket: number;
  /** Subscriptions of one caller, over all of its sockets and streams. */
  readonly perCaller: number;
  /** Sockets and streams of this process. */
  readonly connections: number;
  /** Subscriptions of this process. */
  readonly subscriptions: number;
  /** Bytes that may wait for a slow reader before it is cut. */
  readonly waitingBytes: number;
}

export const liveLimits: LiveLimits = {
  perSocket: 50,
  perCaller: 200,
  connections: 20_000,
  subscriptions: 40_000,
  waitingBytes: 1_048_576,
};

/** Counts the subscriptions of this process. */
export class LiveQuota {
  private readonly callers = new Map<string, number>();
  private all = 0;

  constructor(readonly limits: LiveLimits) {}

  /** Takes a place for a subscription, and returns how to give it back. Throws TOO_MANY_REQUESTS when there is none. */
  take(viewer: Viewer): () => void {
    const caller = callerKey(viewer);
    const own = this.callers.get(caller) ?? 0;
    if (own >= this.limits.perCaller)
      throw tooMany(`A caller has at most ${this.limits.perCaller} subscriptions.`);
    if (this.all >= this.limits.subscriptions) throw tooMany('There are too many subscriptions at present.');
    this.callers.set(caller, own + 1);
    this.all += 1;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.all -= 1;
      const left = (this.callers.get(caller) ?? 1) - 1;
      if (left === 0) this.callers.delete(caller);
      else this.callers.set(caller, left);
    };
  }
}

export const tooMany = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'TOO_MANY_REQUESTS' } });
