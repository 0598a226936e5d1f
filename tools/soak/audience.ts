// All who watch: providers and desks for the whole run, patients one appointment after the other.
import type { Known } from '../chaos/clinic.js';
import { deskOf, visits } from '../chaos/people.js';
import { partiesOf } from '../chaos/random-load.js';
import type { Random } from '../chaos/random.js';
import { demoId, demoPractices } from '../demo/ids.js';
import type { StackFile } from '../stack/stack-file.js';
import type { Subscriber, Topic } from './live-log.js';
import { SocketClient } from './socket-client.js';
import { StreamClient } from './stream-client.js';

/** Subscriptions on one socket. */
const perSocket = 5;
/** How long somebody looks at one appointment, milliseconds. */
const looksFor = { from: 20_000, to: 60_000 } as const;

interface Place {
  readonly login: string;
  readonly topic: Topic;
}

/** What providers and desks watch all day. */
const places: readonly Place[] = visits.flatMap(({ practice, provider }) => {
  const providerId = { field: 'providerId', id: demoId('provider', provider) } as const;
  const practiceId = { field: 'practiceId', id: demoPractices[practice] } as const;
  return [
    { login: provider, topic: providerId },
    { login: deskOf[practice], topic: providerId },
    { login: deskOf[practice], topic: practiceId },
  ];
});

export class Audience {
  readonly subscribers: Subscriber[] = [];
  private readonly sockets = new Map<string, SocketClient[]>();
  private readonly streams: StreamClient[] = [];
  private readonly leave = new Set<() => void>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private carried = 0;

  constructor(
    private readonly stack: StackFile,
    private readonly chance: Random,
    private readonly known: readonly Known[],
  ) {}

  /** Half of the sockets' subscriptions stay, half go from one appointment to the next. */
  begin({ sockets, streams }: { readonly sockets: number; readonly streams: number }): void {
    for (let nth = 0; nth < sockets; nth += 1) {
      const place = placeOf(nth);
      if (nth % 2 === 0) this.stay(place);
      else this.look();
    }
    for (let nth = 0; nth < streams; nth += 1) {
      const place = placeOf(nth);
      const subscriber = this.subscriberOf('stream', place);
      const url = `${this.stack.graphql}/stream`;
      this.streams.push(new StreamClient(url, this.tokenOf(place.login), subscriber));
    }
  }

  async end(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    for (const leave of this.leave) leave();
    await Promise.all([
      ...this.streams.map((stream) => stream.leave()),
      ...[...this.sockets.values()].flat().map((socket) => socket.close()),
    ]);
  }

  private stay(place: Place): void {
    this.leave.add(this.socketOf(place.login).watch(this.subscriberOf('socket', place)));
  }

  /** Somebody looks at one of the last appointments for a while, and then at another. */
  private look(): void {
    const one = this.known.length === 0 ? undefined : this.chance.oneOf(this.known.slice(-40));
    const for_ = this.chance.between(looksFor.from, looksFor.to);
    if (!one) {
      this.after(1_000, () => {
        this.look();
      });
      return;
    }
    const login = this.chance.oneOf(partiesOf(one));
    const topic = { field: 'appointmentId', id: one.id } as const;
    const leave = this.socketOf(login).watch(this.subscriberOf('socket', { login, topic }));
    this.leave.add(leave);
    this.after(for_, () => {
      this.leave.delete(leave);
      leave();
      this.look();
    });
  }

  private after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }

  private subscriberOf(kind: string, { login, topic }: Place): Subscriber {
    const name = `${kind} ${this.subscribers.length} of ${login} on ${topic.field} ${topic.id}`;
    const subscriber: Subscriber = { name, topic, heard: [] };
    this.subscribers.push(subscriber);
    return subscriber;
  }

  private socketOf(login: string): SocketClient {
    const own = this.sockets.get(login) ?? [];
    this.sockets.set(login, own);
    const nth = this.carried++;
    if (own.length === 0 || nth % perSocket === 0)
      own.push(new SocketClient(this.stack.subscriptions, this.tokenOf(login)));
    return own[nth % own.length] as SocketClient;
  }

  private tokenOf(login: string): string {
    return this.stack.logins[login]?.token ?? '';
  }
}

const placeOf = (nth: number): Place => places[nth % places.length] as Place;
