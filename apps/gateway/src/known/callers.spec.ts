import { createHash } from 'node:crypto';
import { told } from '../testing/known-rows.js';
import { changes, LiveClients, until } from '../testing/live-clients.js';
import { runGateway, type RunningGateway } from '../testing/running-gateway.js';

const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
const key = `cg_${'a'.repeat(43)}`;
const partnerKey = {
  id: 'k1',
  practiceId: 'p1',
  scopes: ['appointments:read'],
  hash: createHash('sha256').update(key).digest('base64url'),
  expiresAt: null,
};

describe('callers, by what is known of them', () => {
  let gateway: RunningGateway;
  const clients = new LiveClients();
  beforeAll(async () => {
    gateway = await runGateway();
  });
  afterEach(async () => {
    gateway.rows.isAway = false;
    await clients.dispose();
    await until(() => gateway.live() === 0);
  });
  afterAll(() => gateway.close());

  const as = async (sub: string, claims = {}): Promise<{ authorization: string }> => ({
    authorization: `Bearer ${await gateway.issuer.token({ sub, iat: Math.floor(Date.now() / 1_000) - 5, ...claims })}`,
  }); // prettier-ignore
  const revoke = (account: string, sessionId: string | null): void => {
    gateway.known.hear(told({ kind: 'revoked', account, sessionId, issuedBefore: new Date(), endsAt: inAnHour() }));
  }; // prettier-ignore

  it('a token of a revoked session gets the answer of any bad token; another session goes on (check 24)', async () => {
    const headers = { ...(await as('leaver', { sid: 's1' })), 'x-request-id': 'same' };
    expect((await gateway.query('{ whoAmI }', headers)).status).toBe(200);
    revoke('leaver', 's1');
    const refused = await gateway.query('{ whoAmI }', headers);
    const bad = await gateway.query('{ whoAmI }', { authorization: 'Bearer x', 'x-request-id': 'same' });
    expect(refused.status).toBe(401);
    expect(refused.body).toEqual(bad.body);
    expect((await gateway.query('{ whoAmI }', await as('leaver', { sid: 's2' }))).status).toBe(200);
  });

  it('a socket is closed with 4403, and a stream is cut, when their session is revoked', async () => {
    const headers = await as('watcher', { sid: 's1' });
    const socket = clients.listen(gateway, { connectionParams: headers });
    const stream = await fetch(`${gateway.url}/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: changes, variables: { id: 'a1' } }),
    });
    const other = clients.listen(gateway, {
      connectionParams: await as('watcher', { sid: 's2' }),
      variables: { id: 's1' },
    });
    await until(() => gateway.live() === 2 && other.events.length === 1);
    revoke('watcher', 's1');
    expect(await socket.ended).toBe(4403);
    await expect(stream.text()).rejects.toThrow();
    await clients.answered(other);
  });

  it('a socket gets the rights of changed memberships at once, and stays open', async () => {
    const listening = clients.listen(gateway, {
      connectionParams: await as('riser'),
      variables: { id: 's1' },
    });
    await until(() => listening.events.length === 1);
    gateway.rows.members.set('riser', [{ practiceId: 'p1', role: 'staff' }]);
    gateway.known.hear(told({ kind: 'memberships', account: 'riser' }));
    // It subscribes anew with what it may do now, and is told the present state.
    await until(() => listening.events.length === 2);
    expect(listening.events[1]).toMatchObject({ extensions: { resync: true } });
    gateway.payments.calls.length = 0;
    gateway.pubSub.publish('changed', { id: 's1', status: 'CONFIRMED' });
    await until(() => listening.events.length === 3);
    expect(gateway.payments.calls.at(-1)?.viewer.memberships).toEqual([{ practiceId: 'p1', role: 'staff' }]);
  });

  it('a socket of which nobody can say any more what it may do is told to come back (1013)', async () => {
    const listening = clients.listen(gateway, { connectionParams: await as('doubtful') });
    await until(() => gateway.live() === 1);
    gateway.rows.isAway = true;
    gateway.known.hear(told({ kind: 'memberships', account: 'doubtful' }));
    expect(await listening.ended).toBe(1013);
  });

  it('without the database the unknown are answered 503, those without a token go on', async () => {
    gateway.rows.isAway = true;
    const { status, body } = await gateway.query('{ whoAmI }', await as('never seen'));
    expect(status).toBe(503);
    expect(body.errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect((await gateway.query('{ whoAmI }')).status).toBe(200);
  });

  it('a partner key makes its caller a partner of its practice, with its scopes', async () => {
    gateway.rows.keys = [partnerKey];
    await gateway.known.refresh();
    gateway.booking.calls.length = 0;
    const { body } = await gateway.query('{ whoAmI }', { authorization: `Bearer ${key}` });
    expect(body).toEqual({ data: { whoAmI: 'partner-key:k1' } });
    expect(gateway.booking.calls[0]?.viewer).toMatchObject({
      account: 'partner-key:k1',
      memberships: [{ practiceId: 'p1', role: 'partner' }],
      scopes: ['appointments:read'],
      amr: [],
      sid: null,
    });
  });

  it('a revoked partner key is answered as one that never was, and its sockets are closed', async () => {
    gateway.rows.keys = [partnerKey];
    await gateway.known.refresh();
    const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'same' };
    const socket = clients.listen(gateway, { connectionParams: headers });
    await until(() => gateway.live() === 1);
    gateway.rows.keys = [];
    gateway.known.hear(told({ kind: 'partner-keys' }));
    expect(await socket.ended).toBe(4403);
    const answers = await Promise.all(
      [key, `cg_${'b'.repeat(43)}`, 'nonsense'].map((each) =>
        gateway.query('{ whoAmI }', { authorization: `Bearer ${each}`, 'x-request-id': 'same' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect(answers[0]?.body).toEqual(answers[2]?.body);
  });
});
