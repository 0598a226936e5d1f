// Our gateway beside the stock one, in front of the same three fast subgraphs, in turns within one run: requests per
// second, latency, CPU per request and memory. Both without a login, so that what is compared is the same work.
import fs from 'node:fs';
import path from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { LeanClient } from './lean-client.js';
import { benchFolder, bundled, flagsOfGateway, keepTo, startProcess, type Started } from './processes.js';
import { subgraphSdl } from './subgraphs.js';

/** Until what is compiled in the background is there; a gateway runs for days. */
const warmUpMs = 9_000;
const roundMs = 2_000;
/** Before each round, uncounted: the other gateway still cleans up on the processor that both use in turn. */
const settleMs = 300;
const rounds = 5;
const gatewaysProcessor = 0;
const clientsProcessor = 1;

interface Kind {
  readonly name: string;
  readonly query: string;
  /** Different for each request, as in life: what was asked before must not help. */
  readonly variables: (nth: number) => object;
}

const kinds: readonly Kind[] = [
  {
    name: 'one subgraph',
    query: 'query One($id: ID!) { appointment(id: $id) { id status start bookingNumber } }',
    variables: (nth) => ({ id: `a${nth}` }),
  },
  {
    name: 'join of three, two batches of 20',
    query: `query Joined($after: String!) { appointments(first: 20, after: $after) {
      id status start
      provider { id name specialty location { city } }
      payment { status amountMinor currency } } }`,
    variables: (nth) => ({ after: `a${nth}` }),
  },
  {
    name: 'mutation',
    query:
      'mutation Note($id: ID!, $note: String!) { noteAppointment(id: $id, note: $note) { id status note } }',
    variables: (nth) => ({ id: `a${nth}`, note: 'seen' }),
  },
];

interface Measured {
  readonly rps: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
}

let nth = 0;

async function load(
  gateway: Started,
  url: URL,
  kind: Kind,
  connections: number,
  ms: number,
): Promise<Measured> {
  const clients = await Promise.all(Array.from({ length: connections }, () => LeanClient.connect(url)));
  const drive = async (forMs: number): Promise<number[]> => {
    const latencies: number[] = [];
    const until = performance.now() + forMs;
    const use = async (client: LeanClient): Promise<void> => {
      while (performance.now() < until) {
        const body = JSON.stringify({ query: kind.query, variables: kind.variables((nth += 1)) });
        const began = performance.now();
        const { status, text } = await client.post(body);
        if (status !== 200 || text.includes('"errors"')) throw new Error(`${gateway.name}: ${text}`);
        latencies.push(performance.now() - began);
      }
    };
    await Promise.all(clients.map(use));
    return latencies;
  };
  await drive(settleMs);
  const cpuBefore = gateway.cpuMs();
  const latencies = await drive(ms);
  for (const client of clients) client.close();
  latencies.sort((one, other) => one - other);
  const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
  return {
    rps: (latencies.length / ms) * 1_000,
    p50: at(0.5),
    p99: at(0.99),
    cpuMs: (gateway.cpuMs() - cpuBefore) / latencies.length,
    memoryMb: gateway.memoryMb(),
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const medians = (all: readonly Measured[]): Measured => ({
  rps: median(all.map(({ rps }) => rps)),
  p50: median(all.map(({ p50 }) => p50)),
  p99: median(all.map(({ p99 }) => p99)),
  cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
  memoryMb: median(all.map(({ memoryMb }) => memoryMb)),
});

async function compare(
  gateways: readonly (readonly [Started, URL])[],
  kind: Kind,
  connections: number,
): Promise<void> {
  for (const [gateway, url] of gateways) await load(gateway, url, kind, connections, warmUpMs);
  const seen = new Map<Started, Measured[]>(gateways.map(([gateway]) => [gateway, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [gateway, url] of gateways)
      seen.get(gateway)?.push(await load(gateway, url, kind, connections, roundMs));
  }
  const [stock, ours] = gateways.map(([gateway]) => medians(seen.get(gateway) ?? []));
  if (!stock || !ours) return;
  const row = (name: string, { rps, p50, p99, cpuMs, memoryMb }: Measured): string =>
    `  ${name.padEnd(8)} ${rps.toFixed(0).padStart(7)} rps   p50 ${p50.toFixed(1).padStart(7)} ms   p99 ${p99.toFixed(1).padStart(7)} ms   ${cpuMs.toFixed(3)} ms CPU   ${memoryMb} MB`;
  const ratio = `  ${(ours.rps / stock.rps).toFixed(1)}x requests, p99 1/${(stock.p99 / ours.p99).toFixed(1)}, CPU 1/${(stock.cpuMs / ours.cpuMs).toFixed(1)}`;
  console.log(
    `${kind.name}, ${connections} connections\n${row('stock', stock)}\n${row('ours', ours)}\n${ratio}`,
  );
}

// The gateway in turn has one processor, clients and subgraphs the other: none takes from another what it needs.
keepTo(clientsProcessor, process.pid);
const folder = benchFolder();
const started: Started[] = [];
try {
  const subgraphs = await startProcess('subgraphs', [await bundled('bench/subgraphs.ts', folder)], {});
  started.push(subgraphs);
  keepTo(clientsProcessor, subgraphs.pid);
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphSdl).map(([name, sdl]) => ({
      name,
      typeDefs: parse(sdl),
      url: `http://127.0.0.1:${String(subgraphs.said[name])}/graphql`,
    })),
  );
  if (!supergraphSdl) throw new Error(`The subgraphs do not compose: ${String(errors)}`);
  const file = path.join(folder, 'supergraph.graphql');
  fs.writeFileSync(file, supergraphSdl);
  const stock = await startProcess('stock', [await bundled('bench/stock.ts', folder)], {
    SUPERGRAPH_FILE: file,
  });
  started.push(stock);
  keepTo(gatewaysProcessor, stock.pid);
  const settings = {
    SUPERGRAPH_FILE: file,
    GATEWAY_AUTH: 'off',
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    // All requests come from one address.
    RATE_LIMIT_CALLER: '2000000000',
    RATE_LIMIT_ADDRESS: '2000000000',
  };
  const ours = await startProcess(
    'ours',
    [...flagsOfGateway(), await bundled('src/main.ts', folder)],
    settings,
    ({ msg }) => msg === 'serving',
  );
  started.push(ours);
  keepTo(gatewaysProcessor, ours.pid);
  const gateways = [
    [stock, new URL(String(stock.said.url))],
    [ours, new URL(`http://127.0.0.1:${String(ours.said.port)}/graphql`)],
  ] as const;
  for (const connections of [1, 50]) for (const kind of kinds) await compare(gateways, kind, connections);
} finally {
  for (const one of started) one.end();
  fs.rmSync(folder, { recursive: true, force: true });
}
