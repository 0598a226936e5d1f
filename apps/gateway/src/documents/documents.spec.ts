// Documents by their ids, over everything that a client can speak: over HTTP, on sockets and streams, all the same.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '@caregraph/testing';
import { until, LiveClients } from '../testing/live-clients.js';
import { manifestFolder } from '../testing/manifest-folder.js';
import { runGateway, type Answer, type RunningGateway } from '../testing/running-gateway.js';
import { sha256Of } from './manifest.js';

const whoAmI = 'query WhoAmI { whoAmI }';
const cancel = 'mutation Cancel { cancelAppointment(id: "a1") { id } }';
const changes = 'subscription Changes { appointmentChanged(id: "s1") { id status } }';
const ownWords = 'query OwnWords { whoAmI appointment(id: "1") { id } }';

const persisted = (id: string): object => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: id } },
});

interface Told {
  readonly status?: number;
  readonly answer: Answer;
}
type Ask = (gateway: RunningGateway, request: object) => Promise<Told>;

const overPost: Ask = async ({ url }, request) => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
  return { status: response.status, answer: (await response.json()) as Answer };
};
const overGet: Ask = async ({ url }, request) => {
  const parameters = Object.entries(request).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]); // prettier-ignore
  const address = `${url}?${new URLSearchParams(Object.fromEntries(parameters) as Record<string, string>).toString()}`;
  const response = await fetch(address, { headers: { 'apollo-require-preflight': '1' } });
  return { status: response.status, answer: (await response.json()) as Answer };
};
/** The first result of the stream. */
const overStream: Ask = async ({ url }, request) => {
  const ended = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const { body } = await fetch(`${url}/stream`, { method: 'POST', headers, body: JSON.stringify(request), signal: ended.signal }); // prettier-ignore
  let text = '';
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    const result = /event: next\ndata: (.*)\n\n/.exec(text)?.[1];
    if (result === undefined) continue;
    ended.abort();
    return { answer: JSON.parse(result) as Answer };
  }
  throw new Error('The stream ended without a result.');
};

describe('documents by their ids', () => {
  const manifests = manifestFolder();
  const clients = new LiveClients();
  /** One that serves nothing but what it trusts, and one that serves all else too. */
  let strict: RunningGateway;
  let open: RunningGateway;
  const run = (mode: string, name: string, ...documents: string[]): Promise<RunningGateway> =>
    runGateway({
      TRUSTED_DOCUMENTS: mode,
      TRUSTED_DOCUMENTS_FILES: manifests.write(name, ...documents),
      // However busy the machine is.
      LOAD_MOST_LAG_MS: '60000',
    });
  beforeAll(async () => {
    strict = await run('only', 'strict', whoAmI, cancel, changes);
    open = await run('preferred', 'open', whoAmI);
  });
  afterEach(() => clients.dispose());
  afterAll(async () => {
    await Promise.all([strict.close(), open.close()]);
    manifests.remove();
  });
  /** The first result, or the errors that it ended with. */
  const overSocket: Ask = async (gateway, { query = '', ...request }: { query?: string }) => {
    const listening = clients.listen(gateway, { query, ...request });
    const ended = await Promise.race([listening.ended, until(() => listening.events.length > 0)]);
    const [result] = listening.events;
    listening.stop();
    return { answer: (result ?? { errors: ended }) as Answer };
  };
  const ways: readonly (readonly [string, Ask])[] = [
    ['POST', overPost],
    ['GET', overGet],
    ['a socket', overSocket],
    ['a stream', overStream],
  ];

  it.each(ways)('a trusted document is served by its id alone, over %s', async (_way, ask) => {
    for (const request of [
      persisted(sha256Of(whoAmI)),
      { documentId: sha256Of(whoAmI) },
      { documentId: `sha256:${sha256Of(whoAmI)}` },
      { query: whoAmI },
      { query: whoAmI, ...persisted(sha256Of(whoAmI)) },
    ]) {
      const { answer } = await ask(strict, request);
      expect(answer.errors).toBeUndefined();
      expect(answer.data?.whoAmI).toMatch(/^nobody/);
    }
  });

  it.each(ways)('where only trusted ones are served nothing else is, over %s (GW-038)', async (way, ask) => {
    strict.booking.calls.length = 0;
    const codeOf = async (request: object): Promise<unknown> => {
      const { status, answer } = await ask(strict, request);
      if (way === 'POST' || way === 'GET') expect(status).toBe(400);
      return answer.errors?.[0]?.extensions.code;
    };
    expect(await codeOf({ query: ownWords })).toBe('DOCUMENT_NOT_TRUSTED');
    expect(await codeOf({ query: `${whoAmI} ` })).toBe('DOCUMENT_NOT_TRUSTED');
    expect(await codeOf(persisted(sha256Of(ownWords)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    // Nothing can be registered either.
    expect(await codeOf({ query: ownWords, ...persisted(sha256Of(ownWords)) })).toBe('DOCUMENT_NOT_TRUSTED');
    expect(await codeOf(persisted(sha256Of(ownWords)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(strict.booking.calls).toHaveLength(0);
  });

  it.each(ways)('a text that was sent once is known by its hash, over %s', async (way, ask) => {
    // Another one for each way: once is enough.
    const text = `${ownWords} # ${way}`;
    const hash = sha256Of(text);
    expect((await ask(open, persisted(hash))).answer.errors?.[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
    expect((await ask(open, { query: text, ...persisted(hash) })).answer.errors).toBeUndefined();
    for (const [, other] of ways)
      expect((await other(open, persisted(hash))).answer.data).toHaveProperty('whoAmI');
  });

  it.each([
    ['a socket', overSocket],
    ['a stream', overStream],
  ] as const)('a subscription is named like all else, over %s', async (way, ask) => {
    const { answer } = await ask(strict, { documentId: sha256Of(changes) });
    expect(answer).toEqual({ data: { appointmentChanged: { id: 's1', status: 'SNAPSHOT' } } });
    const text = `${changes} # ${way}`;
    const known = persisted(sha256Of(text));
    expect((await ask(open, { query: text, ...known })).answer.errors).toBeUndefined();
    expect((await ask(open, known)).answer.data).toHaveProperty('appointmentChanged');
  });

  it('a mutation is not run by GET, by its id neither', async () => {
    expect((await overGet(strict, { documentId: sha256Of(cancel) })).status).toBe(405);
    expect((await overPost(strict, { documentId: sha256Of(cancel) })).answer.data).toHaveProperty(
      'cancelAppointment',
    );
  });

  it('what was refused is not remembered, and what contradicts itself is the client’s mistake', async () => {
    const invalid = '{ nothing }';
    await overPost(open, { query: invalid, ...persisted(sha256Of(invalid)) });
    const bad = await overPost(open, persisted(sha256Of(invalid)));
    expect(bad.answer.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    const absent = { query: whoAmI, documentId: null, ...persisted(sha256Of(whoAmI)) };
    expect((await overPost(open, absent)).status).toBe(200);
    for (const request of [
      { query: ownWords, ...persisted(sha256Of(whoAmI)) },
      { query: whoAmI, documentId: sha256Of(whoAmI) },
      { documentId: 7 },
      { extensions: { persistedQuery: { version: 2, sha256Hash: sha256Of(whoAmI) } } },
      { extensions: { persistedQuery: 'x' } },
    ]) {
      const { status, answer } = await overPost(open, request);
      expect(status).toBe(400);
      expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('a manifest that changes is served without a restart; one that is none changes nothing', async () => {
    const gateway = await run('only', 'changing', whoAmI);
    const asked = async (text: string): Promise<boolean> =>
      (await overPost(gateway, { query: text })).answer.errors === undefined;
    expect([await asked(whoAmI), await asked(ownWords)]).toEqual([true, false]);
    writeFileSync(path.join(manifests.folder, 'changing.json'), 'nonsense');
    manifests.write('changing', ownWords, 'query Old { gone }');
    await eventually('the new document is served', async () => ((await asked(ownWords)) ? true : undefined));
    expect(await asked(whoAmI)).toBe(false);
    await gateway.close();
  });
});
