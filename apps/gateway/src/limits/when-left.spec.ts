import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { whenLeft } from './when-left.js';

describe('a caller of the gateway', () => {
  const answers: ServerResponse[] = [];
  const asked = (): Promise<{ response: ServerResponse; hangUp: () => void }> =>
    new Promise((resolve) => {
      const sent = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
      sent.on('error', () => undefined);
      sent.on('response', (answer) => answer.resume());
      server.once('request', (_request, response: ServerResponse) => {
        answers.push(response);
        resolve({ response, hangUp: () => sent.destroy() });
      });
      sent.end();
    });
  const server = createServer();
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('has left when he hangs up before the answer', async () => {
    const { response, hangUp } = await asked();
    const caller = whenLeft(response);
    hangUp();
    await new Promise<void>((resolve) => caller.onLeave(resolve));
    expect(whenLeft(response).left).toBe(true);
  });

  it('has not left when he was answered', async () => {
    const { response } = await asked();
    const caller = whenLeft(response);
    const closed = new Promise((resolve) => response.once('close', resolve));
    response.end('there you are');
    await closed;
    expect(caller.left).toBe(false);
  });
});
