import { randomUUID } from 'node:crypto';
import { featureFlags } from '@caregraph/contracts';
import { memberOf, now, patient, specApp, support, withoutFactor, type SpecApp } from '../spec-app.js';
import { FeatureFlag, mostProviders } from './feature-flag.js';

const key = 'booking.request_mode_enabled';
const fields = '... on FeatureFlag { key kind on percentage changedBy changedAt }';

describe('feature flags', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  beforeEach(async () => {
    await app.rows('delete from feature_flag');
    await app.rows('delete from outbox');
  });
  afterAll(() => app.close());

  const change = (name: string, input: object, viewer = support) =>
    app.mutate(name, input, { viewer }, fields);
  const decided = (flag: string, id: string | null = null, viewer = support) =>
    app.ask(
      'query ($key: String!, $id: ID) { featureFlag(key: $key, providerId: $id) { on percentage reason } }',
      { key: flag, id },
      { viewer },
    );
  const listed = (viewer = support) =>
    app.ask<Record<string, unknown>[]>(
      '{ featureFlags { key kind onByDefault percentageByDefault on percentage killSwitch changedBy } }',
      {},
      { viewer },
    );
  const idOf = async (flag: string): Promise<string> =>
    String((await app.rows('select id from feature_flag where key = ?', [flag]))[0]?.id);

  it('are all listed, set or not, with their defaults; labels once they were set (GW-007)', async () => {
    const before = await listed();
    expect(before.map((flag) => flag.key)).toEqual([...featureFlags.keys()]);
    expect(before[0]).toEqual({
      key,
      kind: 'SWITCH',
      onByDefault: true,
      percentageByDefault: null,
      on: null,
      percentage: null,
      killSwitch: 'booking.disable_all_bookings',
      changedBy: null,
    });
    await change('setFeatureFlag', { key: 'override.move-payments', on: true });
    expect((await listed()).at(-1)).toMatchObject({ key: 'override.move-payments', on: true });
  });

  it('are set, told of with all that is set, written down with who did it, and set back (GW-007)', async () => {
    const providerId = randomUUID();
    expect(await change('setFeatureFlag', { key, on: false })).toEqual({
      __typename: 'FeatureFlag',
      key,
      kind: 'SWITCH',
      on: false,
      percentage: null,
      changedBy: 'support',
      changedAt: now.toISOString(),
    });
    await change('setFeatureFlagForProvider', { key, providerId, on: true });
    await change('resetFeatureFlag', { key });
    await change('resetFeatureFlag', { key, providerId });
    expect(await app.events(key)).toEqual([
      { flag: key, version: 1, value: false, providers: {} },
      { flag: key, version: 2, value: false, providers: { [providerId]: true } },
      { flag: key, version: 3, value: null, providers: { [providerId]: true } },
      { flag: key, version: 4, value: null, providers: {} },
    ]);
    expect(await app.trail(await idOf(key))).toEqual([
      ['feature_flag_set', 'support', 'support', { flag: key, before: null, after: false }],
      ['feature_flag_set', 'support', 'support', { flag: key, providerId, before: null, after: true }],
      ['feature_flag_reset', 'support', 'support', { flag: key, providerId: null, before: false }],
      ['feature_flag_reset', 'support', 'support', { flag: key, providerId, before: true }],
    ]);
  });

  it('come to what their kill switch, value, provider, percentage or default says, with the reason (GW-008)', async () => {
    const providerId = randomUUID();
    const percentage = 'booking.request_mode_percentage';
    expect(await decided(key, providerId)).toEqual({ on: true, percentage: null, reason: 'DEFAULT' });
    await change('setFeatureFlag', { key: percentage, percentage: 0 });
    expect(await decided(key, providerId)).toMatchObject({ on: false, reason: 'PERCENTAGE' });
    expect(await decided(percentage)).toEqual({ on: null, percentage: 0, reason: 'VALUE' });
    await change('setFeatureFlagForProvider', { key, providerId, on: true });
    expect(await decided(key, providerId)).toMatchObject({ on: true, reason: 'PROVIDER' });
    expect(await decided(key)).toMatchObject({ on: true, reason: 'DEFAULT' });
    await change('setFeatureFlag', { key, on: true });
    expect(await decided(key)).toMatchObject({ on: true, reason: 'VALUE' });
    await change('setFeatureFlag', { key: 'booking.disable_all_bookings', on: true });
    expect(await decided(key, providerId)).toMatchObject({ on: false, reason: 'KILL_SWITCH' });
    expect(await decided('booking.anything')).toBeNull();
  });

  it('take the one value of their kind, and only switches one for a provider', async () => {
    const providerId = randomUUID();
    const percentage = 'booking.request_mode_percentage';
    for (const wrong of [
      { key, percentage: 3 },
      { key, on: true, percentage: 3 },
      { key },
      { key: percentage, on: true },
      { key: percentage, percentage: 101 },
    ])
      await expect(change('setFeatureFlag', wrong)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await change('setFeatureFlag', { key: 'booking.anything', on: true })).toMatchObject({
      code: 'FEATURE_FLAG_UNKNOWN',
    });
    for (const flag of ['payment.disable_captures', percentage, 'override.move-payments'])
      expect(await change('setFeatureFlagForProvider', { key: flag, providerId, on: true })).toMatchObject({
        code: 'FEATURE_FLAG_FOR_ALL',
      });
    expect(await listed()).toHaveLength(featureFlags.size);
  });

  it('that two people set at the same time are set twice, one after the other', async () => {
    await Promise.all([
      change('setFeatureFlag', { key, on: true }),
      change('setFeatureFlagForProvider', { key, providerId: randomUUID(), on: true }),
    ]);
    expect(await app.events(key)).toMatchObject([{ version: 1 }, { version: 2 }]);
  });

  it('are for support to change, with a second factor, and for admins to read', async () => {
    const admin = memberOf(randomUUID(), 'admin');
    expect(await listed(admin)).toHaveLength(featureFlags.size);
    expect(await decided(key, null, admin)).toMatchObject({ on: true });
    await expect(listed(patient)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const providerId = randomUUID();
    for (const [name, input] of [
      ['setFeatureFlag', { key, on: true }],
      ['setFeatureFlagForProvider', { key, providerId, on: true }],
      ['resetFeatureFlag', { key }],
    ] as const) {
      await expect(change(name, input, admin)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(change(name, input, withoutFactor(support))).rejects.toMatchObject({
        code: 'STEP_UP_REQUIRED',
      });
    }
  });

  it('are set for a thousand providers and no more, and show them page by page', async () => {
    const flag = Object.assign(new FeatureFlag(), { key });
    const ids = Array.from({ length: mostProviders }, () => randomUUID());
    for (const id of ids.slice(1)) flag.setFor(id, true, null, now);
    await change('setFeatureFlagForProvider', { key, providerId: ids[0], on: true });
    const em = app.deps().em;
    const stored = await em.findOneOrFail(FeatureFlag, { key });
    stored.providers = { ...flag.providers, ...stored.providers };
    stored.version += 1;
    await em.flush();
    const more = { key, providerId: randomUUID(), on: true };
    expect(await change('setFeatureFlagForProvider', more)).toMatchObject({ code: 'FEATURE_FLAG_FULL' });
    const again = await change('setFeatureFlagForProvider', { ...more, providerId: ids[5], on: false });
    expect(again).toMatchObject({ key });
    await change('resetFeatureFlag', { key, providerId: ids[5] });
    expect(await change('setFeatureFlagForProvider', more)).toMatchObject({ key });

    const query = `query ($after: String) { featureFlags { providers(first: 100, after: $after)
      { edges { node { providerId on } } pageInfo { hasNextPage endCursor } } } }`;
    interface Page {
      readonly edges: { node: { providerId: string } }[];
      readonly pageInfo: { hasNextPage: boolean; endCursor: string };
    }
    const page = async (after: string | null): Promise<Page> => {
      const [{ providers }] = await app.ask<[{ providers: Page }]>(query, { after });
      return providers;
    };
    const seen: string[] = [];
    let next = await page(null);
    for (;;) {
      seen.push(...next.edges.map(({ node }) => node.providerId));
      if (!next.pageInfo.hasNextPage) break;
      next = await page(next.pageInfo.endCursor);
    }
    expect(seen).toEqual([...ids.filter((id) => id !== ids[5]), more.providerId].sort());
  });
});
