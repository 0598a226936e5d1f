import { Agent, request, type Dispatcher } from 'undici';
import fastify, { type FastifyInstance } from 'fastify';
import { sayGoodbye, untilAllHaveLeft } from './polite-close.js';

const state = { closing: false };
let server: FastifyInstance;
let agent: Agent;
let url: string;

beforeEach(async () => {
  state.closing = false;
  server = fastify({ return503OnClosing: false });
  sayGoodbye(server, state);
  server.get('/', () => 'here');
  url = await server.listen({ host: '127.0.0.1', port: 0 });
  agent = new Agent({ connections: 1 });
});
afterEach(async () => {
  await agent.destroy();
  await server.close();
});

async function ask(): Promise<Dispatcher.ResponseData> {
  const answer = await request(url, { dispatcher: agent });
  expect(await answer.body.text()).toBe('here');
  return answer;
}

describe('a server that closes', () => {
  it('answers on a connection that a client has kept, and tells the client to close it', async () => {
    expect((await ask()).headers.connection).toBe('keep-alive');
    state.closing = true;
    const left = untilAllHaveLeft(server, 60_000);
    expect((await ask()).headers.connection).toBe('close');
    // The client has closed it, so there is nobody left to wait for.
    await left;
  });

  it('waits no longer than it is told for a client that never says a word', async () => {
    await ask();
    state.closing = true;
    const began = performance.now();
    await untilAllHaveLeft(server, 200);
    expect(performance.now() - began).toBeGreaterThanOrEqual(200);
  });

  it('does not wait when nobody is there', async () => {
    state.closing = true;
    await untilAllHaveLeft(server, 60_000);
  });
});
