// What makes the run hard: kills, frozen processes, a database that goes away, vendors that fail, webhooks that travel
// badly. It strikes by the plan, and undoes what it did when it is told to heal.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { World } from '../demo/world.js';
import type { RunningStack } from '../stack/running-stack.js';
import type { History } from './history.js';
import type { PlannedFault, Victim } from './plan.js';

export class Nemesis {
  /** PostgreSQL comes back before it is stopped again. */
  private databaseIsBack: Promise<void> = Promise.resolve();

  constructor(
    private readonly stack: RunningStack,
    private readonly world: World,
    private readonly history: History,
  ) {}

  async strike(fault: PlannedFault): Promise<void> {
    const victim = 'victim' in fault ? { victim: fault.victim } : {};
    const { at: _planned, kind, ...details } = fault;
    this.history.add({
      kind: 'struck',
      at: this.history.now(),
      fault: `${kind} ${JSON.stringify(details)}`,
      ...victim,
    });
    await this.carryOut(fault);
  }

  /** Faults at vendors end, webhooks travel as ever, everybody is awake and PostgreSQL is there. */
  async heal(): Promise<void> {
    await this.world.sandbox('DELETE', '/_sandbox/faults');
    for (const vendor of ['stripe', 'sendgrid'])
      await this.world.sandbox('POST', `/_sandbox/webhooks/${vendor}`, { mode: 'normal' });
    await this.world.sandbox('POST', '/_sandbox/webhooks/release', {});
    for (const app of Object.keys(this.stack.describe().pids)) this.stack.kill(app, 'SIGCONT');
    await this.stack.waitReady();
  }

  private carryOut(fault: PlannedFault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
        return this.kill(fault.victim, fault.rewind);
      case 'freeze':
        return this.freeze(fault.victim, fault.forMs);
      case 'database':
        this.databaseIsBack = this.databaseIsBack.then(() => this.withoutDatabase(fault.forMs));
        return this.databaseIsBack;
      case 'broker':
        return this.killBroker();
      case 'vendor':
        return this.world.sandbox('POST', '/_sandbox/faults', fault.fault);
      case 'webhooks':
        return this.world.sandbox('POST', `/_sandbox/webhooks/${fault.vendor}`, fault.manner);
    }
  }

  private async kill(victim: Victim, rewind: number): Promise<void> {
    this.stack.kill(victim, 'SIGKILL');
    if (rewind > 0) await this.rewind(victim, rewind);
  }

  private async freeze(victim: Victim, forMs: number): Promise<void> {
    this.stack.kill(victim, 'SIGSTOP');
    await pause(forMs);
    this.stack.kill(victim, 'SIGCONT');
  }

  private async withoutDatabase(forMs: number): Promise<void> {
    await this.stack.stopPostgres();
    await pause(forMs);
    await this.stack.startPostgres();
  }

  private async killBroker(): Promise<void> {
    await this.stack.killBroker();
    await this.stack.startBroker();
  }

  /** What was worked off already comes once more, as after a rebalance in the middle of a batch. */
  private async rewind(group: string, events: number): Promise<void> {
    const { databases } = this.stack.describe();
    const client = new pg.Client({ connectionString: databases.event_log?.url });
    try {
      await client.connect();
      await client.query(
        'update event_offset set next_offset = greatest(0, next_offset - $2) where group_name = $1',
        [group, events],
      );
    } catch {
      // PostgreSQL is away at this moment: then nothing is rewound.
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
