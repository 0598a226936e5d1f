// What an operator watches of payments, beside what every process and every job says of itself.
import { Gauge, type Registry } from 'prom-client';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { ConsumerStats, OutboxStats } from '@caregraph/messaging';

interface Watched {
  readonly orm: MikroORM;
  readonly outbox: () => Promise<OutboxStats>;
  readonly consumers: () => Promise<ConsumerStats>;
}

export function watchPayments(registry: Registry, { orm, outbox, consumers }: Watched): void {
  const registers = [registry];
  const age = new Gauge({
    name: 'caregraph_outbox_oldest_age_seconds',
    help: 'Age of the oldest unpublished event.',
    registers,
  });
  const parked = new Gauge({
    name: 'caregraph_parked_keys',
    help: 'Keys whose events wait for a decision.',
    registers,
  });
  // These two are read by the third, which runs on each scrape.
  new Gauge({
    name: 'caregraph_outbox_depth',
    help: 'Events that wait to be published.',
    registers,
    async collect() {
      const { outboxDepth, outboxOldestAgeSeconds } = await outbox();
      this.set(outboxDepth);
      age.set(outboxOldestAgeSeconds);
      parked.set((await consumers()).parkedKeys);
    },
  });
  new Gauge({
    name: 'caregraph_payments_unsettled',
    help: 'Payments that wait for the processor or the payer, by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      const rows = await orm.em
        .fork()
        .execute<{ status: string; count: number }[]>(
          `select status, count(*)::int as count from payment where status in ('PENDING', 'ACTION_REQUIRED', 'HELD') group by status`,
        );
      this.reset();
      for (const { status, count } of rows) this.set({ status }, count);
    },
  });
}
