// Check 12: who asks for too much is stopped, by account, session and address, and nobody else feels it.
import { randomUUID } from 'node:crypto';
import type { World } from '../../tools/demo/world.js';
import { IdentityStub } from '../support/identity-stub.js';
import { LiveSocket } from '../support/live-socket.js';
import { startProductionGateway, type ProductionGateway } from '../support/production.js';
import { askGraph, codesOf, type Answered } from '../support/raw-http.js';
import { openWorld } from '../support/story.js';

/** Costs 1. */
const query = '{ paymentConfig { publishableKey } }';
const holding = (offers: readonly string[]): string =>
  `mutation { ${offers.map((offer, index) => `h${index}: holdSlot(input: { offer: ${JSON.stringify(offer)} }) { __typename ... on DomainError { code } ... on SlotHold { id holdToken } }`).join(' ')} }`;

let addresses = 0;
/** One that no other test uses. */
const anAddress = (): string => `198.51.100.${(addresses += 1)}`;

describe('who asks for too much in a minute', () => {
  let stub: IdentityStub;
  let gateway: ProductionGateway;
  let world: World;
  beforeAll(async () => {
    world = openWorld();
    stub = await IdentityStub.start();
    gateway = await startProductionGateway({
      ...stub.variables,
      TRUSTED_PROXIES: '127.0.0.1,::1',
      RATE_LIMIT_CALLER: '40',
      RATE_LIMIT_ADDRESS: '100',
      RATE_LIMIT_BOOKINGS: '6',
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await stub.close();
    await world.close();
  });

  interface From {
    readonly address: string;
    readonly token?: string;
    readonly session?: string;
  }
  const send = ({ address, token, session }: From, text = query): Promise<Answered> =>
    askGraph(gateway.url, text, {
      token,
      headers: {
        'x-forwarded-for': address,
        ...(session === undefined ? {} : { 'x-caregraph-session': session }),
      },
    });
  const burst = async (count: number, one: () => Promise<Answered>): Promise<Answered[]> => {
    const answers: Answered[] = [];
    // Ten at a time, as a page that is reloaded madly would.
    while (answers.length < count) answers.push(...(await Promise.all(Array.from({ length: 10 }, one))));
    return answers;
  };
  const passed = (answers: readonly Answered[]): number =>
    answers.filter(({ status }) => status === 200).length;
  const expectStopped = (answers: readonly Answered[]): void => {
    const stopped = answers.filter(({ status }) => status !== 200);
    expect(stopped.length).toBeGreaterThan(0);
    for (const answer of stopped) {
      expect([answer.status, codesOf(answer)]).toEqual([429, ['TOO_MANY_REQUESTS']]);
      const seconds = Number(answer.headers['retry-after']);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  };
  const account = (): Promise<string> => stub.token({ sub: randomUUID() });
  const sessionOf = async (address: string): Promise<string> =>
    String((await send({ address })).headers['x-caregraph-session']);

  it('with one token is stopped wherever he comes from, and another at his address is not', async () => {
    const [token, other] = [await account(), await account()];
    const address = anAddress();
    const answers = await burst(60, () => send({ address, token }));
    expect(passed(answers)).toBe(40);
    expectStopped(answers);
    expect((await send({ address: anAddress(), token })).status).toBe(429);
    expect((await send({ address, token: other })).status).toBe(200);
    expect((await send({ address })).status).toBe(200);
  });

  it('without a login is stopped by his session, and by his address when he takes a new one each time', async () => {
    const address = anAddress();
    const session = await sessionOf(address);
    const answers = await burst(50, () => send({ address, session }));
    expect(passed(answers)).toBe(40);
    expectStopped(answers);
    const anew = await burst(100, () => send({ address }));
    expectStopped(anew);
    expect(passed(anew)).toBeLessThan(60);
    expect((await send({ address: anAddress() })).status).toBe(200);
  });

  it('cannot name other addresses than the proxy saw', async () => {
    const address = anAddress();
    let forged = 0;
    const answers = await burst(120, () => send({ address: `203.0.113.${(forged += 1)}, ${address}` }));
    expect(passed(answers)).toBe(100);
    expectStopped(answers);
  });

  it('by aliases in one document is counted for each', async () => {
    const from = { address: anAddress(), token: await account() };
    const aliased = `{ ${Array.from({ length: 25 }, (_, index) => `a${index}: paymentConfig { publishableKey }`).join(' ')} }`;
    expect((await send(from, aliased)).status).toBe(200);
    expectStopped([await send(from, aliased)]);
    const leaves = { address: anAddress(), token: await account() };
    const names = `{ ${Array.from({ length: 25 }, (_, index) => `a${index}: __typename`).join(' ')} }`;
    expect((await send(leaves, names)).status).toBe(200);
    expectStopped([await send(leaves, names)]);
  });

  it('over sockets is stopped by the same count', async () => {
    const token = await account();
    const sockets = await Promise.all(
      [1, 2].map(async () => {
        const socket = await LiveSocket.open(gateway.subscriptions, {
          headers: { 'x-forwarded-for': anAddress() },
        });
        await socket.initAs(token);
        return socket;
      }),
    );
    const said = await Promise.all(
      sockets.flatMap((socket) => Array.from({ length: 30 }, () => socket.answerOf(query))),
    );
    const stopped = said.filter((one) => JSON.stringify(one).includes('TOO_MANY_REQUESTS'));
    expect(stopped).toHaveLength(20);
    expect((await send({ address: anAddress(), token })).status).toBe(429);
    for (const socket of sockets) socket.close();
  });

  it('for holds is stopped by his address, whichever session or account he takes, also by aliases', async () => {
    const address = anAddress();
    const spam = await burst(20, () => send({ address }, holding(['no offer'])));
    expectStopped(spam);
    expect(passed(spam)).toBe(6);
    expectStopped([await send({ address, token: await account() }, holding(['no offer']))]);
    const elsewhere = anAddress();
    expectStopped([await send({ address: elsewhere }, holding(Array.from({ length: 7 }, () => 'no offer')))]);
    expect((await send({ address: anAddress() }, holding(['no offer']))).status).toBe(200);
  });

  it('hoards no times: three live holds for a session or an account, by one document or by many (BK-150)', async () => {
    const offers: string[] = [];
    for (const day of [30, 31, 32, 33, 34]) {
      const slot = await world.firstSlot({
        provider: 'provider3',
        type: 'follow-up',
        fromHours: 24 * day,
        toHours: 24 * (day + 4),
      });
      offers.push(slot.offer);
    }
    const distinct = [...new Set(offers)].slice(0, 4);
    const address = anAddress();
    const session = await sessionOf(address);
    const answer = await send({ address, session }, holding(distinct));
    const codes = Object.values(answer.json?.data as Record<string, { code?: string }>).map(
      ({ code }) => code ?? null,
    );
    expect(codes.filter((code) => code === null)).toHaveLength(3);
    expect(codes.filter((code) => code === 'TOO_MANY_HOLDS')).toHaveLength(1);
    await world.advance({ minutes: 6 });
  });
});
