import { gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { addCompression, takesGzip } from './compressed-answers.js';

describe('an answer', () => {
  const long = JSON.stringify({ data: { slots: Array.from({ length: 500 }, (_, at) => ({ start: at })) } });
  const short = JSON.stringify({ data: { status: 'CONFIRMED' } });
  let server: FastifyInstance;
  beforeAll(() => {
    server = fastify();
    addCompression(server);
    server.get('/long', (_request, reply) =>
      reply.header('vary', 'Origin').header('content-length', long.length).send(long),
    );
    server.get('/short', (_request, reply) => reply.send(short));
  });
  afterAll(() => server.close());
  const get = (url: string, encoding?: string) =>
    server.inject({ url, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } });

  it('that is long goes out compressed to who takes it so, whole and with its size (GW-039)', async () => {
    const { headers, rawPayload } = await get('/long', 'br, gzip;q=0.8');
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Origin, accept-encoding' });
    expect(headers['content-length']).toBe(String(rawPayload.length));
    expect(rawPayload.length).toBeLessThan(long.length / 3);
    expect(gunzipSync(rawPayload).toString('utf8')).toBe(long);
  });

  it.each([undefined, 'br', 'gzip;q=0'])(
    'that is long goes out as it is to who takes %s',
    async (encoding) => {
      const { headers, body } = await get('/long', encoding);
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers.vary).toBe('Origin, accept-encoding');
      expect(body).toBe(long);
    },
  );

  it('that is short goes out as it is', async () => {
    const { headers, body } = await get('/short', 'gzip');
    expect(headers['content-encoding']).toBeUndefined();
    expect(body).toBe(short);
  });

  it.each([
    ['gzip', true],
    ['deflate, GZIP ; q=1.0', true],
    ['gzip;q=0.000', false],
    ['x-gzip', false],
    ['', false],
  ])('is taken compressed by %j: %s', (accepted, takes) => {
    expect(takesGzip(accepted)).toBe(takes);
  });
});
