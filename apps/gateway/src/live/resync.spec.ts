import { LiveClients, until } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

describe('a subscription whose subgraph is lost', () => {
  let gateway: RunningGateway;
  const clients = new LiveClients();
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterEach(async () => {
    await clients.dispose();
    await until(() => gateway.live() === 0);
  });
  afterAll(() => gateway.close());

  it('goes on by itself, and its next result is the present state and says so', async () => {
    const { events } = clients.listen(gateway, { variables: { id: 's1' } });
    await until(() => events.length === 1);
    gateway.booking.drop();
    await until(() => events.length === 2);
    gateway.pubSub.publish('changed', { id: 's1', status: 'CONFIRMED' });
    await until(() => events.length === 3);
    expect(events.map(({ extensions }) => extensions)).toEqual([undefined, { resync: true }, undefined]);
    expect(events[1]?.data).toMatchObject({ appointmentChanged: { status: 'SNAPSHOT' } });
  });

  it('says so without a result when there is no present state', async () => {
    const { events } = clients.listen(gateway);
    await until(() => gateway.live() === 1);
    gateway.booking.drop();
    await until(() => events.length === 1);
    expect(events).toEqual([{ data: null, extensions: { resync: true } }]);
  });

  it('does not come back for somebody who has left', async () => {
    const { events, stop } = clients.listen(gateway, { variables: { id: 's1' } });
    await until(() => events.length === 1);
    gateway.booking.drop();
    stop();
    await until(() => gateway.live() === 0);
    const other = clients.listen(gateway, { variables: { id: 's2' } });
    await until(() => other.events.length === 1);
    expect(gateway.live()).toBe(1);
    expect(events).toHaveLength(1);
  });
});
