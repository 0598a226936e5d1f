import { randomUUID } from 'node:crypto';
import { buildSubgraph } from '@caregraph/subgraph';
import { schemaParts } from './schema.js';
import { anonymous, memberOf, mutate, specApp, world, type SpecApp } from './spec-app.js';

describe('the catalogue', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  it('is public, and leads from each noun to the next', async () => {
    const { practiceId, locationId, providerId, typeId } = await world(app);
    const { data, errors } = await app.ask(
      `{ practice(id: "${practiceId}") { name bookingSettings { minimumNoticeHours } locations { id practice { id } } }
         provider(id: "${providerId}") { practice { id } locations { id } bookingSettings { minimumNoticeHours }
           appointmentTypes { id price { amountMinor currency } providers { id } requiredResources { id } practice { id } } }
         location(id: "${locationId}") { name kind }
         appointmentType(id: "${typeId}") { name } }`,
      {},
      { viewer: anonymous },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      practice: {
        name: 'Harbor',
        bookingSettings: { minimumNoticeHours: 24 },
        locations: [{ id: locationId, practice: { id: practiceId } }],
      },
      provider: {
        practice: { id: practiceId },
        locations: [{ id: locationId }],
        bookingSettings: { minimumNoticeHours: 1 },
        appointmentTypes: [
          {
            id: typeId,
            price: { amountMinor: 12000, currency: 'USD' },
            providers: [{ id: providerId }],
            requiredResources: [],
            practice: { id: practiceId },
          },
        ],
      },
      location: { name: 'Main', kind: 'IN_PERSON' },
      appointmentType: { name: 'Visit' },
    });
  });

  it('comes in pages, oldest first, without those who take no bookings except at the desk', async () => {
    const { practiceId, providerId } = await world(app);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const [index, id] of ids.entries()) {
      const now = new Date(Date.parse('2026-06-08T00:00:00Z') + index);
      await mutate(app, 'createProvider', { id, practiceId, name: 'Dr. N' }, { now });
    }
    await mutate(app, 'updateProvider', { providerId: ids[1], isActive: false });
    const page = async (first: number, after: string | null, viewer = anonymous) => {
      const source = `query ($practiceId: ID!, $first: Int!, $after: String) {
        providers(practiceId: $practiceId, first: $first, after: $after) {
          edges { node { id } } pageInfo { hasNextPage endCursor } } }`;
      const { data } = await app.ask(source, { practiceId, first, after }, { viewer });
      const { edges, pageInfo } = data?.providers as unknown as {
        edges: { node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      return { ids: edges.map(({ node }) => node.id), ...pageInfo };
    };
    const first = await page(2, null);
    expect(first).toMatchObject({ ids: [providerId, ids[0]], hasNextPage: true });
    expect(await page(2, first.endCursor)).toMatchObject({ ids: [ids[2]], hasNextPage: false });
    expect((await page(10, null, memberOf(practiceId, 'staff'))).ids).toEqual([providerId, ...ids]);
  });

  it('asks the database as often for a page of providers as for one', async () => {
    const { practiceId, locationId } = await world(app);
    for (const name of ['A', 'B', 'C']) {
      await mutate(app, 'createProvider', { practiceId, name, locationIds: [locationId] });
    }
    const statements = async (first: number): Promise<number> => {
      const before = app.queries();
      const fields = 'practice { name } locations { name } appointmentTypes { name } weeklyHours { start }';
      await app.ask(
        `{ providers(practiceId: "${practiceId}", first: ${first}) { edges { node { ${fields} } } } }`,
      );
      return app.queries() - before;
    };
    expect(await statements(4)).toBe(await statements(1));
  });

  it('answers the gateway for each of its entities, and null for ids that are none', async () => {
    const { practiceId, locationId, providerId, typeId } = await world(app);
    const { schema } = await buildSubgraph(schemaParts);
    expect(schema.getType('_Entity')?.toString()).toBe('_Entity');
    const known = {
      Practice: practiceId,
      Location: locationId,
      Provider: providerId,
      AppointmentType: typeId,
    };
    const representations = Object.entries(known).flatMap(([__typename, id]) => [
      { __typename, id },
      { __typename, id: randomUUID() },
      { __typename, id: 'no-uuid' },
    ]);
    const source = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      __typename ... on Practice { id } ... on Location { id } ... on Provider { id } ... on AppointmentType { id } } }`;
    const { data } = await app.ask(source, { representations }, { viewer: anonymous });
    expect(data?._entities).toEqual(
      Object.entries(known).flatMap(([__typename, id]) => [{ __typename, id }, null, null]),
    );
  });

  it('reads as null where there is nothing, and refuses text that is no id by name', async () => {
    const read = (id: string) => app.ask(`{ practice(id: "${id}") { id } provider(id: "${id}") { id } }`);
    expect(await read(randomUUID())).toMatchObject({ data: { practice: null, provider: null }, errors: [] });
    const { errors } = await read('x');
    expect(errors.map(({ fields }) => fields)).toEqual([['id'], ['id']]);
  });
});
