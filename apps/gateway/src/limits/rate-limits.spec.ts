import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

describe('a gateway with limits', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await runGateway({
      RATE_LIMIT_CALLER: '3',
      RATE_LIMIT_ADDRESS: '12',
      TRUSTED_PROXIES: '127.0.0.1',
    });
  });
  afterAll(() => gateway.close());

  const from = (address: string, session?: string): Record<string, string> => ({
    'x-forwarded-for': address,
    ...(session === undefined ? {} : { 'x-caregraph-session': session }),
  });

  it('answers 429 with Retry-After to a caller who asks too much, by root fields, and goes on for others (GW-003, GW-038)', async () => {
    const first = await gateway.query('{ whoAmI }', from('192.0.2.1'));
    const session = first.headers.get('x-caregraph-session') ?? '';
    const mine = from('192.0.2.1', session);
    expect((await gateway.query('{ a: whoAmI b: whoAmI c: whoAmI }', mine)).status).toBe(200);
    const { status, headers, body } = await gateway.query('{ whoAmI }', mine);
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body.errors?.[0]?.extensions.code).toBe('TOO_MANY_REQUESTS');
    expect((await gateway.query('{ whoAmI }', from('192.0.2.1'))).status).toBe(200);
  });

  it('counts callers without a session by their address', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 13; turn += 1)
      statuses.push((await gateway.query('{ whoAmI }', from('192.0.2.2'))).status);
    expect(statuses).toEqual([...Array.from({ length: 12 }, () => 200), 429]);
    expect((await gateway.query('{ whoAmI }', from('192.0.2.3'))).status).toBe(200);
  });

  it('counts what an operation may cost, not only its root fields (GW-038)', async () => {
    const visits = Array.from(
      { length: 7 },
      (_, at) => `v${at}: appointment(id: "s1") { payment { status } }`,
    );
    const { status } = await gateway.query(`{ ${visits.join(' ')} }`, from('192.0.2.4'));
    expect(status).toBe(429);
    expect((await gateway.query('{ whoAmI }', from('192.0.2.5'))).status).toBe(200);
  });
});
