import { runGateway, type RunningGateway } from '../testing/running-gateway.js';
import { minimumVersions, timeZoneOf } from './client-headers.js';

describe('what a client says of itself', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway({ MINIMUM_CLIENT_VERSIONS: 'web=1.2.0,ios=3' });
  });
  afterAll(() => gateway.close());

  const status = async (headers: Record<string, string>): Promise<number> =>
    (await gateway.query('{ whoAmI }', headers)).status;

  it.each([
    ['web', '1.1.9', 426],
    ['web', '1.2.0', 200],
    ['web', '1.10', 200],
    ['web', '0.99.99', 426],
    ['ios', '3.0.0-beta.1', 200],
    ['ios', 'newest', 426],
    ['android', '0.0.1', 200],
  ])('%s of version %s is answered %i (GW-001)', async (name, version, expected) => {
    expect(await status({ 'x-client-name': name, 'x-client-version': version })).toBe(expected);
  });

  it('a client that is too old is told what to bring, and one that names no version too (GW-001)', async () => {
    const { status: answered, body } = await gateway.query('{ whoAmI }', { 'x-client-name': 'web' });
    expect(answered).toBe(426);
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'X-Client-Version', message: 'must be at least 1.2.0' }],
    });
  });

  it('its time zone is handed on to the subgraphs, and one that does not exist is refused (GW-001)', async () => {
    gateway.booking.calls.splice(0);
    expect(await status({ 'x-timezone': 'Europe/Vienna' })).toBe(200);
    expect(gateway.booking.calls.at(-1)?.headers['x-timezone']).toBe('Europe/Vienna');
    for (const zone of ['Mars/Base', '+01:00', ''])
      expect([zone, await status({ 'x-timezone': zone })]).toEqual([zone, 400]);
  });

  it('the runtime is asked once about a zone, and told names are forgotten at some time', () => {
    const asked: unknown[] = [];
    const plain = Intl.DateTimeFormat;
    Intl.DateTimeFormat = new Proxy(plain, {
      construct: (target, [locale, options]: [string, Intl.DateTimeFormatOptions]) => {
        asked.push(options.timeZone);
        return new target(locale, options);
      },
    });
    try {
      const zoneOf = (zone: string) => timeZoneOf({ 'x-timezone': zone });
      expect([zoneOf('Europe/Zagreb'), zoneOf('Europe/Zagreb')]).toEqual(['Europe/Zagreb', 'Europe/Zagreb']);
      expect(asked).toEqual(['Europe/Zagreb']);
      // More than a thousand ways to write one name.
      for (let way = 0; way < 4_096; way += 1) {
        const letters = [...'america/bogota'].map((letter, at) =>
          (way >> at) & 1 ? letter.toUpperCase() : letter,
        );
        expect(zoneOf(letters.join(''))).toBe('America/Bogota');
      }
      zoneOf('Europe/Zagreb');
      expect(asked.filter((zone) => zone === 'Europe/Zagreb')).toHaveLength(2);
    } finally {
      Intl.DateTimeFormat = plain;
    }
  });

  it('a list of minimums that cannot be read stops the gateway from starting', () => {
    expect(minimumVersions.safeParse('web').success).toBe(false);
    expect(minimumVersions.safeParse('web=new').success).toBe(false);
    expect(minimumVersions.safeParse('').success).toBe(true);
  });
});
