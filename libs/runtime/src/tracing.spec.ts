import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  continueTrace,
  currentTraceId,
  openSpan,
  setTracing,
  span,
  startTracing,
  traceparent,
} from './index.js';
import { trace } from '@opentelemetry/api';
import type { Closing } from './shutdown.js';

const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0';
const nothing = (): Promise<void> => Promise.resolve();

/** As `gracefulShutdown`, without the process's signals. */
function closingForSpec(): Closing {
  const open: (() => unknown)[] = [];
  return {
    add: (_name, close) => open.push(close),
    closing: false,
    close: async () => {
      for (const close of open.reverse()) await close();
    },
  };
}

/** A collector that writes down what it is sent. */
async function collector(): Promise<{ url: string; bodies: string[]; server: Server }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(`${request.url ?? ''} ${Buffer.concat(chunks).toString()}`);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, server };
}

afterEach(() => {
  trace.disable();
  setTracing('off');
});

describe('tracing without an endpoint', () => {
  it('sends nothing, and still gives each request one id, here and in what it sets off', async () => {
    const closing = closingForSpec();
    startTracing('spec', { OTEL_TRACES_SAMPLER_ARG: 1 }, closing);
    let handedOn: string | undefined;
    const outer = await span('outer', {}, async () => {
      handedOn = traceparent();
      const inner = await span('inner', {}, () => Promise.resolve(currentTraceId()));
      expect(inner).toBe(currentTraceId());
      return inner;
    });
    expect(outer).toMatch(/^[0-9a-f]{32}$/);
    expect(handedOn).toMatch(new RegExp(`^00-${outer ?? ''}-[0-9a-f]{16}-00$`));
    expect(
      await continueTrace(handedOn, () => span('there', {}, () => Promise.resolve(currentTraceId()))),
    ).toBe(outer);
    expect(await span('another', {}, () => Promise.resolve(currentTraceId()))).not.toBe(outer);
    await closing.close();
  });

  it('costs next to nothing for each span within a request', async () => {
    startTracing('spec', { OTEL_TRACES_SAMPLER_ARG: 1 }, closingForSpec());
    await span('request', {}, async () => {
      for (let index = 0; index < 5_000; index += 1) await span('warm', {}, nothing);
      const began = performance.now();
      for (let index = 0; index < 5_000; index += 1) await span('statement', {}, nothing);
      // A few microseconds each; a loaded machine may take many times as long.
      expect(performance.now() - began).toBeLessThan(1_000);
    });
  });
});

describe('tracing with an endpoint', () => {
  it('sends spans to its /v1/traces under the name of the app, the last ones when it closes', async () => {
    const { url, bodies, server } = await collector();
    const closing = closingForSpec();
    startTracing('spec', { OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`, OTEL_TRACES_SAMPLER_ARG: 1 }, closing);
    await continueTrace(`${header}1`, () => span('told', { 'caregraph.vendor': 'stripe' }, nothing));
    await closing.close();
    server.close();
    const sent = bodies.join();
    for (const part of ['/v1/traces {', '"caregraph-spec"', '"told"', '"0af7651916cd43dd8448eb211c80319c"'])
      expect(sent).toContain(part);
  });

  it.each([
    ['anybody', '1', '00'],
    ['anybody', '0', '00'],
    ['ours', '1', '01'],
    ['ours', '0', '00'],
  ] as const)('lets %s who sends flag %s have the trace kept: %s', (callers, asked, kept) => {
    const endpoint = 'http://127.0.0.1:1';
    const options = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: 0 };
    startTracing('spec', options, closingForSpec(), { callers });
    const opened = continueTrace(`${header}${asked}`, () => openSpan('request', {}));
    expect(opened.traceparent?.slice(-2)).toBe(kept);
  });
});
