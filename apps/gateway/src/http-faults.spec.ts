import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { httpFaults } from './http-faults.js';

describe('what the HTTP server itself refuses', () => {
  let server: FastifyInstance;
  beforeAll(async () => {
    server = fastify(httpFaults(true));
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  /** What is answered until the connection is closed. */
  const said = async (text: string): Promise<string> => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.write(text);
    await once(socket, 'close');
    return answer;
  };

  it.each([
    ['an address that cannot be decoded', 400, 'GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
    ['what is no HTTP', 400, 'HELLO\r\n\r\n'],
    ['headers without end', 431, `GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('is told in our form and with our headers: %s', async (_what, status, text) => {
    const [head = '', body = ''] = (await said(text)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^x-content-type-options: nosniff\r$/m);
    expect(head).toMatch(/^strict-transport-security: /m);
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          message: 'The request cannot be read.',
          extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) as string },
        },
      ],
    });
  });
});
