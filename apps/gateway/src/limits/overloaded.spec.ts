import { connect, type Socket } from 'node:net';
import { eventually } from '@caregraph/testing';
import { runGateway } from '../testing/running-gateway.js';

/** A request whose body never comes. */
function slowRequest(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n',
  );
  return socket;
}

describe('a gateway with too much to do', () => {
  it('answers UNAVAILABLE at once with Retry-After, and still says that it lives', async () => {
    const gateway = await runGateway({ LOAD_MOST_UNDER_WAY: '1', LOAD_MOST_WAITING: '0' });
    const slow = slowRequest(gateway.url);
    const { headers, body } = await eventually('the only place is taken', async () => {
      const answer = await gateway.query('{ whoAmI }');
      return answer.status === 503 ? answer : undefined;
    });
    expect(headers.get('retry-after')).toBe('1');
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 1 });
    expect((await fetch(new URL('/healthz', gateway.url))).status).toBe(200);
    const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
    expect(metrics).toMatch(/caregraph_load_shed_total\{reason="full"\} [1-9]/);
    slow.destroy();
    await eventually('the place is free again', async () =>
      (await gateway.query('{ whoAmI }')).status === 200 ? true : undefined,
    );
    await gateway.close();
  });
});
