// The figures after a story: what the apps really serve, held against the story, docs/metrics.md, rules and dashboard.
import fs from 'node:fs';
import path from 'node:path';
import { eventually } from '@caregraph/testing';
import { metricTable } from '../tools/alerts/metric-table.js';
import { familyOf, namedIn } from '../tools/alerts/promql.js';
import { plainGroups, readGroups } from '../tools/alerts/rules.js';
import type { World } from '../tools/demo/world.js';
import { appNames, scrape, scrapeAll, sumOf, type Scrape } from './support/scrape.js';
import {
  booked,
  confirmed,
  openWorld,
  price,
  requestedVisit,
  stack,
  untilConfirmed,
} from './support/story.js';

const root = path.resolve(import.meta.dirname, '..');
const table = metricTable(root);

/** How much each of these has grown since, by name and labels. */
type Growth = Readonly<Record<string, number>>;
const series: Readonly<Record<string, readonly [string, Record<string, string>]>> = {
  reserved: ['caregraph_booking_slots_reserved_total', {}],
  instant: ['caregraph_booking_requests_created_total', { mode: 'INSTANT' }],
  requested: ['caregraph_booking_requests_created_total', { mode: 'REQUEST' }],
  confirmed: ['caregraph_booking_requests_confirmed_total', {}],
  answered: ['caregraph_booking_response_time_seconds_count', {}],
  cancelled: ['caregraph_booking_appointments_cancelled_total', { cause: 'PATIENT' }],
  held: ['caregraph_payment_holds_created_total', {}],
  captured: ['caregraph_payment_holds_captured_total', {}],
  capturedMinor: ['caregraph_payment_captured_minor_total', { currency: 'USD' }],
  refunds: ['caregraph_payment_refunds_total', {}],
};
const values = (scrapes: readonly Scrape[]): Growth =>
  Object.fromEntries(
    Object.entries(series).map(([key, [name, labels]]) => [key, sumOf(scrapes, name, labels)]),
  );
const growth = (before: Growth, after: Growth): Growth =>
  Object.fromEntries(Object.keys(series).map((key) => [key, (after[key] ?? 0) - (before[key] ?? 0)]));

describe('the figures of running apps', () => {
  let world: World;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  it('are what a story did: two bookings, one answer, one cancellation, and the money of each (GW-019)', async () => {
    const scrapes = await scrapeAll();
    const before = values(scrapes);
    const delivered = sumOf(scrapes, 'caregraph_notifications_settled_total', { outcome: 'delivered' });
    const waits = sumOf(scrapes, 'caregraph_scheduling_availability_duration_seconds_count', {
      outcome: 'ok',
    });
    const refused = sumOf(scrapes, 'caregraph_gateway_requests_total', { outcome: 'refused' });
    const pending = sumOf(scrapes, 'caregraph_booking_requests_pending');
    const held = sumOf(scrapes, 'caregraph_payment_holds_active_minor', { currency: 'USD' });

    const instant = await confirmed(world, 'patient');
    const asked = await booked(world, 'patient2', requestedVisit);
    await world.until(
      'patient2',
      asked.id,
      'the provider is asked',
      ({ status }) => status === 'PENDING_CONFIRMATION',
    );
    const waiting = await scrapeAll();
    expect(sumOf(waiting, 'caregraph_booking_requests_pending')).toBe(pending + 1);
    expect(sumOf(waiting, 'caregraph_payment_holds_active_minor', { currency: 'USD' })).toBe(held + price);

    await world.act('provider2', 'confirmAppointment', asked.id);
    await untilConfirmed(world, 'patient2', asked.id);
    await world.act('patient', 'cancelAppointment', instant.id);
    await world.until(
      'staff',
      instant.id,
      'the money is back',
      ({ payment }) => payment?.status === 'REFUNDED',
    );
    await expect(
      world.as('patient').request('query Wrong { appointment(id: "no id") { id } }'),
    ).rejects.toThrow();

    const expected = {
      reserved: 2,
      instant: 1,
      requested: 1,
      confirmed: 2,
      answered: 1,
      cancelled: 1,
      held: 2,
      captured: 2,
      capturedMinor: 2 * price,
      refunds: 1,
    };
    await eventually('all is counted', async () => {
      const grown = growth(before, values(await scrapeAll()));
      return JSON.stringify(grown) === JSON.stringify(expected) ? true : undefined;
    }).catch(async () => {
      expect(growth(before, values(await scrapeAll()))).toEqual(expected);
    });

    const after = await scrapeAll();
    expect(
      sumOf(after, 'caregraph_notifications_settled_total', { outcome: 'delivered' }),
    ).toBeGreaterThanOrEqual(delivered + 4);
    expect(
      sumOf(after, 'caregraph_scheduling_availability_duration_seconds_count', { outcome: 'ok' }),
    ).toBeGreaterThanOrEqual(waits + 2);
    expect(sumOf(after, 'caregraph_gateway_requests_total', { outcome: 'refused' })).toBe(refused + 1);
    expect(sumOf(after, 'caregraph_booking_requests_pending')).toBe(pending);
  });

  it('are those of docs/metrics.md, with their types and labels, and no other', async () => {
    const scrapes = await scrapeAll();
    const served = scrapes
      .flatMap(({ types }) => [...types.keys()])
      .filter((name) => name.startsWith('caregraph_'));
    expect([...new Set(served)].sort()).toEqual(table.map(({ metric }) => metric).sort());
    for (const { metric, type, labels, of } of table) {
      const by = scrapes.filter(({ types }) => types.get(metric) === type).map(({ app }) => app);
      const oneApp = appNames.find((name) => name === of);
      if (oneApp) expect([metric, by]).toEqual([metric, [oneApp]]);
      else if (of === 'every app' || of === 'gateway, subgraphs')
        expect([metric, by]).toEqual([metric, [...appNames]]);
      else expect([metric, by.length >= 2 && !by.includes('gateway')]).toEqual([metric, true]);
      const samples = scrapes.flatMap((each) => each.samples).filter(({ name }) => familyOf(name) === metric);
      for (const sample of samples)
        expect([
          metric,
          Object.keys(sample.labels)
            .filter((label) => label !== 'le')
            .sort(),
        ]).toEqual([metric, ['app', ...labels].sort()]);
    }
  });

  it('are all that rules and dashboard name', async () => {
    const groups = plainGroups(readGroups(root));
    const rules = groups.flatMap((group) => group.rules);
    const recorded = new Set(rules.map(({ record }) => record));
    const dashboard = fs.readFileSync(
      path.join(root, 'k8s/components/monitoring/dashboards/caregraph.json'),
      'utf8',
    );
    const { panels } = JSON.parse(dashboard) as { panels: { targets?: { expr: string }[] }[] };
    const charted = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const scrapes = await scrapeAll();
    const served = new Set(scrapes.flatMap(({ types }) => [...types.keys()]));
    // What Prometheus makes itself, when it scrapes.
    served.add('up');
    const named = [...rules.map(({ expr }) => expr), ...charted].flatMap((expr) => namedIn(expr).selectors);
    const missing = named
      .map(({ metric }) => metric)
      .filter((metric) => !recorded.has(metric) && !served.has(familyOf(metric)));
    expect(missing).toEqual([]);
  });

  it('carry no address, no name and no id of a person or a practice in any label', async () => {
    for (const { samples } of await scrapeAll()) {
      const told = samples.flatMap(({ labels }) => Object.values(labels));
      expect(told.filter((value) => /@|[0-9a-f]{8}-[0-9a-f]{4}|Chen|Lee|\+1\d{6}/.test(value))).toEqual([]);
    }
  });

  it('of state are the same after the app was killed', async () => {
    const state = async (): Promise<object> => {
      const of = [await scrape('booking')];
      return {
        pending: sumOf(of, 'caregraph_booking_requests_pending'),
        // The job that ends requests has succeeded at some time, and a restart does not forget it.
        known:
          sumOf(of, 'caregraph_cron_last_success_timestamp_seconds', { job: 'sweep-appointments' }) > 1e9,
      };
    };
    const before = await state();
    expect(before).toMatchObject({ known: true });
    await stack.kill('booking');
    await stack.waitReady('booking');
    expect(await state()).toEqual(before);
  });

  it('are summed up by /health: each app for itself with figures, the gateway for all without (GW-027)', async () => {
    const health = async (
      app: string,
    ): Promise<{ status: number; body: Record<string, unknown>; text: string }> => {
      const response = await fetch(new URL('/health', stack.describe().urls[app]));
      const text = await response.text();
      return { status: response.status, body: JSON.parse(text) as Record<string, unknown>, text };
    };
    await eventually('all is well', async () =>
      (await health('gateway')).status === 200 ? true : undefined,
    );
    expect((await health('booking')).body).toMatchObject({
      checks: {
        pendingRequests: { limit: 100 },
        expiringRequests: { limit: 20 },
        expirationJobMinutes: { status: 'healthy', limit: 10 },
      },
    });
    expect((await health('payments')).body).toMatchObject({ checks: { heldMinor: { limit: 1_000_000 } } });
    const { body, text } = await health('gateway');
    expect(Object.keys(body.checks as object).sort()).toEqual([
      'booking',
      'calendar-sync',
      'notifications',
      'payments',
      'platform',
      'scheduling',
      'subgraphs',
    ]);
    expect(text).not.toMatch(/\d/);
  });
});
