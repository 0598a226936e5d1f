// What an operator watches of payments, beside what every process, event and job says of itself.
import { Gauge, type Registry } from 'prom-client';
import type { MikroORM } from '@mikro-orm/postgresql';

export function watchPayments(registry: Registry, orm: MikroORM): void {
  new Gauge({
    name: 'caregraph_payments_unsettled',
    help: 'Payments that wait for the processor or the payer, by status.',
    labelNames: ['status'],
    registers: [registry],
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
