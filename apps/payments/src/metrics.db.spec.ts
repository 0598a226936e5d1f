import { Registry } from 'prom-client';
import type { EventEnvelope } from '@caregraph/contracts';
import { SpecApp } from './spec-app.js';
import { Story } from './spec-story.js';
import { countPayments, paymentsHealth, watchPayments } from './metrics.js';

const app = new SpecApp();
const story = new Story(app);
beforeAll(async () => {
  await app.open();
  await app.startWorkers();
});
afterAll(() => app.close());

const scrape = async (fill: (registry: Registry) => unknown): Promise<string> => {
  const registry = new Registry();
  await fill(registry);
  return registry.metrics();
};

describe('what is told of payments', () => {
  it('is each hold, what became of it, and the money that is held now (GW-019)', async () => {
    await story.held();
    await story.captured();
    const voided = await story.held();
    await story.cancel(voided, 10_000);
    await story.becomes(voided, 'CANCELLED');

    const text = await scrape(async (registry) => {
      watchPayments(registry, app.orm);
      const rows = await app.orm.em
        .fork()
        .execute<{ payload: EventEnvelope }[]>('select payload from outbox order by seq');
      await countPayments(registry, app.orm)(rows.map(({ payload }) => payload));
    });
    expect(text).toContain('caregraph_payment_holds_created_total 3');
    expect(text).toContain('caregraph_payment_holds_captured_total 1');
    expect(text).toContain('caregraph_payment_holds_cancelled_total 1');
    expect(text).toContain('caregraph_payment_captured_minor_total{currency="USD"} 12000');
    expect(text).toContain('caregraph_payment_holds_active_minor{currency="USD"} 12000');
    expect(text).toContain('caregraph_payments_unsettled{status="HELD"} 1');
    expect(text).toContain('caregraph_payments_unsettled{status="PENDING"} 0');
  });

  it('is degraded from the limit of money held in one currency, and not before (GW-027)', async () => {
    const health = (limit: number) => paymentsHealth(app.orm, { HEALTH_HELD_LIMIT_MINOR: limit })();
    expect(await health(12_001)).toEqual({ heldMinor: { status: 'healthy', value: 12_000, limit: 12_001 } });
    expect(await health(12_000)).toMatchObject({ heldMinor: { status: 'degraded' } });
    await story.held({ price: { amountMinor: 12_000, currency: 'EUR' } });
    expect(await health(12_001)).toMatchObject({ heldMinor: { status: 'healthy', value: 12_000 } });
  });
});
