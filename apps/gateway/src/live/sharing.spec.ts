import { LiveClients, until, type Listening } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';
import { isLevel } from './topic.js';

const statusesOf = ({ events }: Listening): unknown[] =>
  events.map(({ data }) => (data as { appointmentChanged: { status: string } }).appointmentChanged.status);

describe('subscribers who ask the same', () => {
  let gateway: RunningGateway;
  const clients = new LiveClients();
  const as = async (sub: string, claims: Record<string, unknown> = {}): Promise<{ connectionParams: Record<string, unknown> }> => ({
    connectionParams: { authorization: `Bearer ${await gateway.issuer.token({ sub, ...claims })}` },
  }); // prettier-ignore
  const publish = (status: string): void => { gateway.pubSub.publish('changed', { id: 's1', status }); }; // prettier-ignore

  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterEach(async () => {
    await clients.dispose();
    await until(() => gateway.live() === 0);
  });
  afterAll(() => gateway.close());

  it('share one subscription of the subgraph and one completion, with different tokens and sessions of one account', async () => {
    const listeners: Listening[] = [];
    for (const sid of ['one', 'two', 'three'])
      listeners.push(clients.listen(gateway, await as('shared', { sid })));
    await until(() => gateway.live() === 1);
    // What is sent after it on the same socket comes after it there.
    await Promise.all(listeners.map((one) => clients.answered(one)));
    publish('HELD');
    await until(() => listeners.every((one) => statusesOf(one).at(-1) === 'HELD'));
    gateway.payments.calls.length = 0;
    publish('CONFIRMED');
    await until(() => listeners.every((one) => statusesOf(one).at(-1) === 'CONFIRMED'));
    expect(gateway.payments.calls).toHaveLength(1);
    expect(gateway.live()).toBe(1);
  }, 20_000);

  it('do not share with another account, another way to log in or another scope', async () => {
    clients.listen(gateway, await as('one'));
    clients.listen(gateway, await as('two'));
    clients.listen(gateway, await as('one', { amr: ['otp'] }));
    clients.listen(gateway, await as('one', { scope: 'read' }));
    await until(() => gateway.live() === 4);
  });

  it('get the present state first, also who joins later, and then each change once, over one subscription', async () => {
    const variables = { id: 's1' };
    const first = clients.listen(gateway, { ...(await as('joined')), variables });
    await until(() => first.events.length === 1);
    publish('PENDING');
    await until(() => first.events.length === 2);
    const second = clients.listen(gateway, { ...(await as('joined')), variables });
    await until(() => second.events.length === 1);
    publish('CONFIRMED');
    await until(() => first.events.length === 3 && second.events.length === 2);
    await until(() => gateway.live() === 1);
    publish('CANCELLED');
    await until(() => first.events.length === 4 && second.events.length === 3);
    expect(statusesOf(first)).toEqual(['SNAPSHOT', 'PENDING', 'CONFIRMED', 'CANCELLED']);
    expect(statusesOf(second)).toEqual(['SNAPSHOT', 'CONFIRMED', 'CANCELLED']);
  });

  it('close the subscription of the subgraph when the last of them leaves a quiet one', async () => {
    const variables = { id: 's1' };
    const first = clients.listen(gateway, { ...(await as('quiet')), variables });
    await until(() => first.events.length === 1);
    const second = clients.listen(gateway, { ...(await as('quiet')), variables });
    await until(() => second.events.length === 1);
    first.stop();
    await until(() => gateway.live() === 1);
    second.stop();
    await until(() => gateway.live() === 0);
  });

  it('get changes in order and none twice while one after the other joins', async () => {
    const variables = { id: 's1' };
    const listeners = [clients.listen(gateway, { ...(await as('busy')), variables })];
    for (let change = 0; change < 40; change += 1) {
      if (change % 8 === 0) listeners.push(clients.listen(gateway, { ...(await as('busy')), variables }));
      publish(String(change).padStart(2, '0'));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    publish('LAST');
    await until(() => listeners.every((one) => statusesOf(one).at(-1) === 'LAST'));
    for (const one of listeners) {
      const [snapshot, ...changed] = statusesOf(one);
      expect(snapshot).toBe('SNAPSHOT');
      const all = Array.from({ length: 40 }, (_, index) => String(index).padStart(2, '0'));
      expect(changed).toEqual([...all, 'LAST'].slice(-changed.length));
    }
    await until(() => gateway.live() === 1);
  }, 20_000);
});

describe('two feeds of the same', () => {
  const feed = { connected: true, openedAt: 0, firstAt: 100, lastAt: 100, lastEvent: 'a' };

  it.each([
    ['are level after a second without an event', feed, feed, 1_100, true],
    ['are not level before', feed, feed, 1_000, false],
    ['are level when both had the same event just now', { ...feed, lastAt: 5_000 }, { ...feed, lastAt: 5_001 }, 5_002, true],
    ['are not level when one of them is an event behind', { ...feed, lastAt: 5_000, lastEvent: 'b' }, { ...feed, lastAt: 4_900 }, 5_002, false],
    ['are not level while the present state may still come', { ...feed, lastAt: 1_500 }, { ...feed, lastAt: 1_501 }, 1_502, false],
    ['are not level while one is lost', { ...feed, connected: false }, feed, 9_000, false],
    ['are not level while nothing came of the younger', feed, { ...feed, firstAt: undefined, lastAt: undefined }, 4_000, false],
    ['are level when there is no state to come', feed, { ...feed, firstAt: undefined, lastAt: undefined }, 5_000, true],
  ])('%s', (_what, oldest, young, now, level) => {
    expect(isLevel(oldest, young, now)).toBe(level);
  }); // prettier-ignore
});
