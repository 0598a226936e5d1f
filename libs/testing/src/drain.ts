// Events settled: nothing unpublished, nothing unconsumed.

interface Draining {
  drain(): Promise<void>;
}

/**
 * Lets relays publish and consumers work until both are idle; more than once, since what a consumer does may cause
 * further events.
 */
export async function drainEvents(
  relays: readonly Draining[],
  consumers: readonly Draining[],
  rounds = 2,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(relays.map((relay) => relay.drain()));
    await Promise.all(consumers.map((each) => each.drain()));
  }
}
