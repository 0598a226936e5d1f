import { runGateway } from '../testing/running-gateway.js';

const joined = '{ appointment(id: "a1") { status payment { status amountMinor } } }';

describe('a subgraph that is down', () => {
  it('leaves its fields null with UNAVAILABLE, and nothing else, and the gateway ready', async () => {
    const gateway = await runGateway();
    await gateway.payments.kill();
    const { status, body } = await gateway.query(joined, { 'x-request-id': 'r' });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { appointment: { status: 'CONFIRMED', payment: null } },
      errors: [
        {
          message: 'This part is not available at the moment.',
          path: ['appointment'],
          extensions: { code: 'UNAVAILABLE', requestId: 'r' },
        },
      ],
    });
    expect((await fetch(new URL('/readyz', gateway.url))).status).toBe(200);
    await gateway.close();
  });

  it('makes the gateway unready once none is left', async () => {
    const gateway = await runGateway();
    await Promise.all([gateway.payments.kill(), gateway.booking.kill()]);
    const ready = await fetch(new URL('/readyz', gateway.url));
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'unavailable', failing: ['subgraphs'] });
    expect((await fetch(new URL('/healthz', gateway.url))).status).toBe(200);
    await gateway.close();
  });
});
