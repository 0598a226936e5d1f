// A rolling update as Kubernetes does it with maxSurge 1 and maxUnavailable 0 (k8s/base/every-deployment.yaml): a second
// process, in when it is ready; the first one out, a pause as in preStop, SIGTERM, and time to end by itself.
import { setTimeout as pause } from 'node:timers/promises';
import { choosePorts } from '../stack/ports.js';
import { rolled, type SoakStack } from './soak-stack.js';

/** `preStop.sleep` of the manifests, milliseconds. */
const preStopMs = 5_000;
/** What is left of `terminationGracePeriodSeconds` after it. */
const graceMs = 40_000;

/** One process of an app, for as long as it lived. */
export interface Life {
  readonly app: string;
  readonly pid: number;
}

export interface Replaced {
  readonly app: string;
  /** Wall clock, milliseconds: from the start of the next process to the end of the former. */
  readonly from: number;
  readonly to: number;
  /** From SIGTERM to the end, milliseconds. */
  readonly tookMs: number;
  /** How the former process ended: 0, if by itself and in time. */
  readonly ended: number | NodeJS.Signals | null;
}

export class Rolling {
  readonly lives: Life[];
  readonly replaced: Replaced[] = [];
  private readonly ports: Map<string, number>;

  constructor(private readonly soak: SoakStack) {
    const { pids, ports } = soak.stack.describe();
    this.ports = new Map(Object.entries(ports));
    this.lives = rolled.flatMap((app) => (pids[app] == null ? [] : [{ app, pid: pids[app] }]));
  }

  /** All of them, one after the other, spread over the time. */
  async replaceAll(lastsMs: number, tell: (line: string) => void): Promise<void> {
    const begun = performance.now();
    for (const [nth, app] of rolled.entries()) {
      await pause(Math.max(0, begun + ((nth + 1) * lastsMs) / (rolled.length + 1) - performance.now()));
      const one = await this.replace(app);
      const seconds = ((one.to - one.from) / 1_000).toFixed(1);
      tell(`${app} replaced in ${seconds} s; the former took ${one.tookMs} ms to end (${String(one.ended)})`);
    }
  }

  private async replace(app: string): Promise<Replaced> {
    const { stack, balancers } = this.soak;
    const balancer = balancers.get(app);
    const former = this.ports.get(app) ?? 0;
    const from = Date.now();
    const { next: port = 0 } = await choosePorts(['next']);
    const next = await stack.startBeside(app, port);
    this.lives.push({ app, pid: next.pid ?? 0 });
    balancer?.add(port);
    this.ports.set(app, port);
    const old = stack.takePlace(app, next);
    balancer?.remove(former);
    await pause(preStopMs);
    const told = performance.now();
    const ended = await old.stop(graceMs);
    const one = { app, from, to: Date.now(), tookMs: Math.round(performance.now() - told), ended };
    this.replaced.push(one);
    return one;
  }
}
