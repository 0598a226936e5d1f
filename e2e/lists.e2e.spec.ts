// Small answers: every list of the composed graph is paged, or short by what it is; and a long answer is compressed.
import { gunzipSync } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  type GraphQLField,
} from 'graphql';
import { request } from 'undici';
import type { Slot } from '../tools/demo/seen.js';
import type { World } from '../tools/demo/world.js';
import { demoId } from '../tools/demo/ids.js';
import { operation } from '../tools/demo/operations.js';
import { composedSchema } from './support/composed-schema.js';
import { OwnPractice } from './support/own-practice.js';
import { connections, shortLists } from './support/reviewed-lists.js';
import { openWorld, stack } from './support/story.js';

const schema = composedSchema();
type Field = GraphQLField<unknown, unknown>;

/** Each field of what is answered, by its coordinate. */
const fields = new Map<string, Field>(
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields()).map((field): [string, Field] => [
            `${type.name}.${field.name}`,
            field,
          ])
        : [],
    ),
);
const isList = ({ type }: Field): boolean => isListType(getNullableType(type));
/** By its pages, not by its name: a calendar's connection is none. */
const isConnection = ({ type }: Field): boolean => {
  const named = getNamedType(type);
  return isObjectType(named) && 'edges' in named.getFields();
};
const coordinates = (wanted: (field: Field, coordinate: string) => boolean): string[] =>
  [...fields].filter(([coordinate, field]) => wanted(field, coordinate)).map(([coordinate]) => coordinate);

interface Page {
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

describe('a list', () => {
  let world: World;
  let own: OwnPractice;
  beforeAll(async () => {
    world = openWorld();
    own = await OwnPractice.open();
    // One more of a thing than a page has by default.
    await Promise.all(
      Array.from({ length: 20 }, () =>
        own.done('admin', 'createAppointmentType', {
          practiceId: own.id,
          name: `Type ${randomUUID()}`,
          durationMinutes: 30,
          priceAmountMinor: 5_000,
        }),
      ),
    );
  }, 240_000);
  afterAll(async () => {
    await own.close();
    await world.close();
  });

  it('is a connection, or stands among those that are reviewed as short (GW-039)', () => {
    const plain = coordinates(
      (field, coordinate) => isList(field) && !coordinate.endsWith('Connection.edges'),
    );
    expect(plain.sort()).toEqual(Object.keys(shortLists).sort());
    expect(coordinates(isConnection).sort()).toEqual(Object.keys(connections).sort());
  });

  it.each(Object.keys(connections))('%s says how long a page is, and how to go on (GW-039)', (coordinate) => {
    const { args = [] } = fields.get(coordinate) ?? {};
    const first = args.find(({ name }) => name === 'first');
    expect(first).toMatchObject({ defaultValue: 20, description: 'How many, 1 to 100.' });
    expect(String(args.find(({ name }) => name === 'after')?.type)).toBe('String');
  });

  it.each(Object.entries(shortLists))('%s says how long it can be (GW-039)', (coordinate, { said }) => {
    const { description, args = [] } = fields.get(coordinate) ?? {};
    expect([description, ...args.map((one) => one.description)].join('\n')).toContain(said);
  });

  /** A connection with these arguments; of the flags, that of the first. */
  const asked = (coordinate: string, paging: string): string => {
    const given = [connections[coordinate]?.(own), paging].filter(Boolean).join(', ');
    const [type, name] = coordinate.split('.');
    const selection = `list: ${String(name)}${given ? `(${given})` : ''} {
      edges { cursor } pageInfo { hasNextPage endCursor } }`;
    return type === 'FeatureFlag' ? `{ flags: featureFlags { ${selection} } }` : `{ ${selection} }`;
  };
  const pageOf = async (
    coordinate: string,
    paging: string,
  ): Promise<{ page: Page | undefined; refused: unknown }> => {
    const { json } = await own.ask('support', asked(coordinate, paging));
    const { list, flags } = (json?.data ?? {}) as { list?: Page; flags?: { list: Page }[] };
    return { page: list ?? flags?.[0]?.list, refused: json?.errors?.[0]?.extensions };
  };

  it.each(Object.keys(connections))(
    '%s is refused for a page of none, of too many, and behind what is no cursor (GW-039)',
    async (coordinate) => {
      for (const [field, paging] of [
        ['first', 'first: 0'],
        ['first', 'first: -1'],
        ['first', 'first: 101'],
        ['after', 'after: "nonsense"'],
      ] as const) {
        const { refused } = await pageOf(coordinate, paging);
        expect([paging, refused]).toMatchObject([paging, { code: 'BAD_USER_INPUT', fields: [{ field }] }]);
      }
      expect((await pageOf(coordinate, 'first: 100')).page).toBeDefined();
    },
  );

  it.each(Object.keys(connections))('%s is the same page by page as in one (GW-039)', async (coordinate) => {
    const { page: whole } = await pageOf(coordinate, 'first: 100');
    const cursors: string[] = [];
    for (let after = ''; ;) {
      const { page } = await pageOf(coordinate, `first: 7${after}`);
      expect(page?.edges.length).toBeLessThanOrEqual(7);
      cursors.push(...(page?.edges ?? []).map(({ cursor }) => cursor));
      if (!page?.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor ?? ''}"`;
    }
    expect(cursors).toEqual(whole?.edges.map(({ cursor }) => cursor));
    expect(new Set(cursors).size).toBe(cursors.length);
  });

  it('has twenty entries where nobody says how many, and tells that there are more (GW-039)', async () => {
    const { page } = await pageOf('Query.appointmentTypes', '');
    expect([page?.edges.length, page?.pageInfo.hasNextPage]).toEqual([20, true]);
  });

  it('that is read to its bound is no longer where there is more (GW-039)', async () => {
    const more = Array.from({ length: 51 }, (_, at) => at);
    await Promise.all(
      more.map(async (at) => {
        await own.done('admin', 'createLocation', { practiceId: own.id, name: `Place ${at}` });
        await own.done('stranger', 'registerPatient', own.registration());
      }),
    );
    const query = `{ myPatients { id } practice(id: "${own.id}") { locations { id } } }`;
    const { json } = await own.ask('stranger', query);
    const { myPatients, practice } = json?.data as {
      myPatients: object[];
      practice: { locations: object[] };
    };
    expect([myPatients.length, practice.locations.length]).toEqual([50, 50]);
  });

  const typedIn = Object.entries(shortLists).flatMap(([coordinate, { by }]) =>
    typeof by === 'function' ? [[coordinate, by] as const] : [],
  );
  it.each(typedIn)('%s cannot be made longer: an input with more is refused (GW-039)', async (_list, by) => {
    const [mutation, input] = by(own);
    const { code, message } = await own.change('admin', mutation, input);
    expect([code, message]).toEqual(['BAD_USER_INPUT', expect.stringMatching(/no more than \d+ elements/)]);
  });

  it.each([
    ['Availability.slots', 'first', 'first: 501'],
    ['Availability.slots', 'to', 'to: "2027-12-01T00:00:00Z"'],
    ['Provider.overriddenDays', 'to', 'to: "2029-01-01"'],
  ])('%s is refused where the question goes too far: %s (GW-039)', async (coordinate, field, over) => {
    const name = coordinate.split('.')[1];
    const from = 'from: "2027-01-04T00:00:00Z"';
    const to = field === 'to' ? '' : 'to: "2027-01-05T00:00:00Z"';
    const query =
      name === 'slots'
        ? `{ availability(appointmentTypeId: "${own.typeId}", ${from}, ${to} ${over}) { slots { start } } }`
        : `{ provider(id: "${own.providerId}") { overriddenDays(from: "2027-01-04", ${over}) { date } } }`;
    const { json } = await own.ask('nobody', query);
    expect(json?.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ field }] });
  });

  it('that a client sends is bounded too: every list of an input says how long it may be (GW-039)', () => {
    const unsaid = Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .flatMap((type) =>
        Object.values(type.getFields())
          .filter(({ type: given }) => isListType(getNullableType(given)))
          .filter(({ description }) => !/at most \d+|1 to \d+/i.test(description ?? ''))
          .map(({ name }) => `${type.name}.${name}`),
      );
    expect(unsaid).toEqual([]);
  });

  it('of free times, the longest of all answers, comes compressed, with what was asked for and no more (GW-039)', async () => {
    const now = (await world.now()).getTime();
    const at = (hours: number): string => new Date(now + hours * 3_600_000).toISOString();
    const variables = {
      type: demoId('appointment-type', 'first-visit'),
      providers: [demoId('provider', 'provider')],
      from: at(500),
      to: at(800),
    };
    const ask = async (encoding: Record<string, string>): Promise<{ packed: boolean; bytes: Buffer }> => {
      const { headers, body } = await request(stack.describe().graphql, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...encoding },
        body: JSON.stringify({ query: operation('FreeTimes'), variables }),
      });
      const bytes = Buffer.from(await body.arrayBuffer());
      return { packed: headers['content-encoding'] === 'gzip', bytes };
    };
    const [small, large] = [await ask({ 'accept-encoding': 'gzip' }), await ask({})];
    expect([small.packed, large.packed]).toEqual([true, false]);
    const read = (text: Buffer) =>
      (JSON.parse(text.toString('utf8')) as { data: { availability: { slots: Slot[] } } }).data.availability;
    const { slots, ...more } = read(gunzipSync(small.bytes));
    expect(more).toEqual({});
    expect(slots.map(({ start }) => start)).toEqual(read(large.bytes).slots.map(({ start }) => start));
    for (const slot of slots) expect(Object.keys(slot)).toEqual(['start', 'end', 'mode', 'offer']);
    expect(slots.length).toBeGreaterThan(100);
    expect(small.bytes.length).toBeLessThan(large.bytes.length / 2);
  });
});
