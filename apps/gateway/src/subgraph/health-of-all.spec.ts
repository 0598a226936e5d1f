import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

describe('the health of the whole', () => {
  let gateway: RunningGateway;
  beforeEach(async () => {
    gateway = await runGateway();
  });
  afterEach(() => gateway.close());

  const health = async (): Promise<{ status: number; text: string; body: unknown }> => {
    const response = await fetch(new URL('/health', gateway.url));
    const text = await response.text();
    return { status: response.status, text, body: JSON.parse(text) };
  };

  it('is healthy when each app is, and tells no figure of theirs (GW-027)', async () => {
    const { status, body, text } = await health();
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'healthy',
      checks: {
        subgraphs: { status: 'healthy' },
        booking: { status: 'healthy' },
        payments: { status: 'healthy' },
      },
    });
    expect(text).not.toContain('4711');
  });

  it('is degraded with 200 when the worst app is', async () => {
    gateway.payments.health.status = 'degraded';
    expect(await health()).toMatchObject({ status: 200, body: { status: 'degraded' } });
  });

  it('is unhealthy with 503 when one app is', async () => {
    gateway.booking.health.status = 'unhealthy';
    expect(await health()).toMatchObject({
      status: 503,
      body: { status: 'unhealthy', checks: { booking: { status: 'unhealthy' } } },
    });
  });

  it('is unhealthy when an app does not answer', async () => {
    await gateway.payments.kill();
    expect(await health()).toMatchObject({
      status: 503,
      body: { checks: { payments: { status: 'unhealthy' }, booking: { status: 'healthy' } } },
    });
  });
});
