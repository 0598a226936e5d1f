// Check 18: a socket or stream that does not keep to the rules is closed with the code that says so, and nobody hears of
// what is another's.
import { eventually } from '@caregraph/testing';
import type { World } from '../../tools/demo/world.js';
import { demoId, demoPractices } from '../../tools/demo/ids.js';
import { demoToken } from '../support/demo-token.js';
import { gatewayFigure } from '../support/gateway-metrics.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { ask } from '../support/raw-http.js';
import { residentMiB } from '../support/resident.js';
import { confirmed, openWorld } from '../support/story.js';

const watch = (subject: string): string =>
  `subscription { appointmentChanged(${subject}) { reason appointment { id } } }`;
const ofProvider = watch(`providerId: "${demoId('provider', 'provider')}"`);

describe('a socket', () => {
  let gateway: ProductionGateway;
  let world: World;
  beforeAll(async () => {
    world = openWorld();
    gateway = await startProductionGateway();
  });
  afterAll(async () => {
    await gateway.stop();
    await world.close();
  });

  const opened = (): Promise<LiveSocket> => LiveSocket.open(gateway.subscriptions);
  const openedAs = async (login: string): Promise<LiveSocket> => {
    const socket = await opened();
    await socket.initAs(await demoToken({ login, mfa: true }));
    return socket;
  };
  const closedAfter = async (say: (socket: LiveSocket) => Promise<void> | void): Promise<number> => {
    const socket = await opened();
    await say(socket);
    return (await socket.untilClosed()).code;
  };

  it('that never says who it is is closed with 4408', async () => {
    expect(await closedAfter(() => undefined)).toBe(4408);
  });

  it('that asks before it has said who it is is closed with 4401', async () => {
    expect(await closedAfter((socket) => void socket.begin(ofProvider))).toBe(4401);
  });

  it('that says twice who it is is closed with 4429', async () => {
    const twice = async (socket: LiveSocket): Promise<void> => {
      await socket.init();
      socket.say({ type: 'connection_init' });
    };
    expect(await closedAfter(twice)).toBe(4429);
  });

  it('with a bad, an expired or no proper token is closed with 4403', async () => {
    for (const authorization of ['Bearer x', `Bearer ${await demoToken({ login: 'staff', expiresInSeconds: -60 })}`, 7, ''])
      expect(await closedAfter((socket) => { socket.say({ type: 'connection_init', payload: { authorization } }); })).toBe(4403); // prettier-ignore
  });

  it.each([
    ['no JSON', 'hello'],
    ['no message', '[]'],
    ['an unknown message', '{"type":"hello"}'],
    ['a message of ours', '{"type":"connection_ack"}'],
    ['an operation without an id', '{"type":"subscribe","payload":{"query":"{ __typename }"}}'],
    ['an operation without a text', '{"type":"subscribe","id":"1","payload":{}}'],
    [
      'an operation whose variables are a list',
      '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","variables":[]}}',
    ],
  ])('that says %s is closed with 4400', async (_what, text) => {
    const say = async (socket: LiveSocket): Promise<void> => {
      await socket.init();
      socket.say(text);
    };
    expect(await closedAfter(say)).toBe(4400);
  });

  it('that sends more than a mebibyte at once is closed with 1009', async () => {
    const say = async (socket: LiveSocket): Promise<void> => {
      await socket.init();
      socket.say(`{"type":"ping","payload":{"x":"${'x'.repeat(1_100_000)}"}}`);
    };
    expect(await closedAfter(say)).toBe(1009);
  });

  it('is closed with 4403 when its token expires, in the midst of a subscription, and so is a stream', async () => {
    const token = await demoToken({ login: 'provider', expiresInSeconds: 4 });
    const socket = await opened();
    await socket.initAs(token);
    const id = socket.begin(ofProvider);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const stream = ask(gateway.url, {
      path: '/graphql/stream',
      headers,
      body: JSON.stringify({ query: ofProvider }),
    });
    const ended = stream.then(
      () => 'ended',
      () => 'cut',
    );
    expect(await socket.untilClosed()).toEqual({ code: 4403, reason: 'The token expired' });
    expect(socket.heard.filter((said) => said.id === id && said.type === 'error')).toEqual([]);
    expect(await ended).toBe('cut');
  });

  it('lives on with a fresh token, but not with somebody else’s', async () => {
    const socket = await opened();
    await socket.initAs(await demoToken({ login: 'staff' }));
    socket.say({ type: 'ping', payload: { authorization: `Bearer ${await demoToken({ login: 'staff' })}` } });
    await eventually('the token is taken', () =>
      socket.heard.some(({ type }) => type === 'pong') ? true : undefined,
    );
    socket.say({ type: 'ping', payload: { authorization: `Bearer ${await demoToken({ login: 'admin' })}` } });
    expect((await socket.untilClosed()).code).toBe(4403);
  });

  it('cannot be used for a thousand subscriptions: one caller has 200, on 50 a socket, and others have theirs', async () => {
    const token = await demoToken({ login: 'provider2' });
    const sockets = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = await opened();
        await socket.initAs(token);
        return socket;
      }),
    );
    const before = residentMiB(gateway.pid);
    const mine = watch(`providerId: "${demoId('provider', 'provider2')}"`);
    const began = sockets.map((socket) => Array.from({ length: 50 }, () => socket.begin(mine)));
    const refused = (): number =>
      sockets.reduce(
        (sum, { heard }) =>
          sum +
          heard.filter(
            ({ type, payload }) => type === 'error' && JSON.stringify(payload).includes('TOO_MANY_REQUESTS'),
          ).length,
        0,
      );
    await eventually('all but 200 are refused', () => (refused() === 800 ? true : undefined));
    expect(began.flat()).toHaveLength(1_000);
    expect(await gatewayFigure(gateway, 'caregraph_gateway_subscriptions')).toBe(200);
    // All the same subscription: the subgraph is asked once, as soon as those who came later have had the present state.
    await eventually('one upstream serves all', async () =>
      (await gatewayFigure(gateway, 'caregraph_gateway_live_upstreams')) === 1 ? true : undefined,
    );
    expect(residentMiB(gateway.pid) - before).toBeLessThan(60);
    const full = sockets[0]!;
    const more = await Promise.all(Array.from({ length: 60 }, () => full.answerOf(mine)));
    expect(JSON.stringify(more)).toContain('TOO_MANY_REQUESTS');
    const other = await openedAs('provider3');
    const id = other.begin(watch(`providerId: "${demoId('provider', 'provider3')}"`));
    await eventually('the other is taken', async () =>
      (await gatewayFigure(gateway, 'caregraph_gateway_subscriptions')) === 201 ? true : undefined,
    );
    expect(other.heard.filter((said) => said.id === id)).toEqual([]);
    for (const socket of [...sockets, other]) socket.close();
    await eventually('all is given back', async () =>
      (await gatewayFigure(gateway, 'caregraph_gateway_subscriptions')) === 0 ? true : undefined,
    );
  });

  it('that reads too slowly is cut, and no more than a bounded heap waits for it', async () => {
    const socket = await openedAs('provider4');
    const from = new Date((await world.now()).getTime() + 3_600_000).toISOString();
    const to = new Date((await world.now()).getTime() + 30 * 86_400_000).toISOString();
    const large = `{ availability(appointmentTypeId: "${demoId('appointment-type', 'first-visit')}", from: "${from}", to: "${to}") { slots { start end mode offer } } }`;
    const [first] = await socket.answerOf(large);
    const size = JSON.stringify(first).length;
    const before = residentMiB(gateway.pid);
    socket.socket.pause();
    const cut = (): Promise<number> =>
      gatewayFigure(gateway, 'caregraph_gateway_live_cuts_total', { reason: 'slow' });
    const asked = Math.ceil(24_000_000 / size);
    // A few at a time: more than 50 at once would be refused, and it reads no answer to know when one is done.
    for (let count = 0; count < asked && (await cut()) === 0; count += 5) {
      for (let each = 0; each < 5; each++) socket.begin(large);
      await gatewayFigure(gateway, 'caregraph_gateway_sockets');
    }
    await eventually('it is cut', async () => ((await cut()) === 1 ? true : undefined), { everyMs: 20 });
    expect(residentMiB(gateway.pid) - before).toBeLessThan(120);
    socket.socket.resume();
    // 4510, or the connection itself where it took too long to read its farewell.
    expect([4510, 1006]).toContain((await socket.untilClosed()).code);
  });

  it('tells nobody of another’s appointment, by its id, its provider or its practice', async () => {
    const { id } = await confirmed(world, 'patient');
    const subjects = [
      watch(`appointmentId: "${id}"`),
      ofProvider,
      watch(`practiceId: "${demoPractices.riverside}"`),
    ];
    // A patient hears of his own visits there, which another story may change meanwhile.
    const patient = await openedAs('patient2');
    const strangers = await Promise.all(['provider5', 'staff2', 'admin2'].map(openedAs));
    const nobody = await opened();
    await nobody.init();
    for (const socket of [patient, ...strangers, nobody])
      for (const subject of subjects) socket.begin(subject);
    const own = await openedAs('staff');
    const seen = own.begin(watch(`appointmentId: "${id}"`));
    await own.until(seen, ({ type }) => type === 'next');
    await world.act('patient', 'cancelAppointment', id);
    await own.until(seen, (said) => said.type === 'next' && JSON.stringify(said).includes('CHANGED'));
    expect(JSON.stringify(patient.heard.filter(({ type }) => type === 'next'))).not.toContain(id);
    for (const socket of [...strangers, nobody]) {
      expect(JSON.stringify(socket.heard)).not.toContain(id);
      expect(socket.heard.filter(({ type }) => type === 'next')).toEqual([]);
    }
    for (const socket of [patient, ...strangers, nobody]) socket.close();
    own.close();
  });
});
