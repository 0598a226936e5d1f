// The program itself, started with a supergraph that is not ours, and the file changed under load.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { graphql, parse } from 'graphql';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';
const films = `${link} type Query { film: Film } type Film @key(fields: "id") { id: ID! title: String }`;
const stars = `${link} type Film @key(fields: "id") { id: ID! stars: Int extra1: Int extra2: Int extra3: Int }`;

interface Site {
  readonly server: Server;
  readonly url: string;
  readonly headers: IncomingHttpHeaders[];
}

async function site(sdl: string, film: Record<string, unknown>): Promise<Site> {
  const resolvers = { Query: { film: () => film }, Film: { __resolveReference: () => film } };
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: sdl.includes('Query') ? resolvers : { Film: resolvers.Film },
  });
  const headers: IncomingHttpHeaders[] = [];
  const answer = async (body: string): Promise<string> => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    return JSON.stringify(await graphql({ schema, source: query, variableValues: variables }));
  };
  const server = createServer((request, response) => {
    headers.push(request.headers);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void answer(Buffer.concat(chunks).toString('utf8')).then((text) => response.end(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, headers, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
}

describe('the gateway with a supergraph that is not ours', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'any-supergraph-'));
  const file = path.join(folder, 'supergraph.graphql');
  const sites: Record<string, Site> = {};
  const log: { msg?: string; port?: number }[] = [];
  let gateway: ChildProcess;
  let url = '';

  /** Put in place in one step, as a mounted file is. */
  const place = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  const supergraph = (subgraphs: Record<string, string>): string => {
    const services = Object.entries(subgraphs).map(([name, sdl]) => ({
      name,
      // One address in the supergraph, the other in the environment.
      url: name === 'films' ? sites.films?.url : 'http://stars.invalid/',
      typeDefs: parse(sdl),
    }));
    return composeServices(services).supergraphSdl ?? '';
  };
  const told = async (message: string): Promise<(typeof log)[number]> => {
    for (;;) {
      const line = log.find(({ msg }) => msg === message);
      if (line) return line;
      if (gateway.exitCode !== null) throw new Error(`The gateway ended: ${JSON.stringify(log)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const ask = async (query: string): Promise<{ data?: unknown; errors?: unknown }> => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer of somebody else' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return (await response.json()) as { data?: unknown; errors?: unknown };
  };

  beforeAll(async () => {
    sites.films = await site(films, { id: '1', title: 'Stalker' });
    sites['stars-2'] = await site(stars, { id: '1', stars: 5, extra1: 1, extra2: 2, extra3: 3 });
    place(supergraph({ films, 'stars-2': stars.replace(/extra\d: Int/g, '') }));
    const main = new URL('./main.ts', import.meta.url).pathname;
    gateway = spawn(process.execPath, ['--import', 'tsx', main], {
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: '0',
        GATEWAY_AUTH: 'off',
        SUPERGRAPH_FILE: file,
        STARS_2_URL: sites['stars-2'].url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [gateway.stdout, gateway.stderr]) {
      if (stream)
        createInterface(stream).on('line', (line) => {
          log.push(line.startsWith('{') ? (JSON.parse(line) as (typeof log)[number]) : { msg: line });
        });
    }
    url = `http://127.0.0.1:${(await told('serving')).port}/graphql`;
  }, 60_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => gateway.once('exit', resolve));
    gateway.kill('SIGTERM');
    await ended;
    for (const { server } of Object.values(sites)) server.close();
    rmSync(folder, { recursive: true });
  });

  it('without authentication serves everybody as nobody, and sends the subgraphs no viewer', async () => {
    expect(await ask('{ film { title stars } }')).toEqual({ data: { film: { title: 'Stalker', stars: 5 } } });
    const sent = Object.values(sites).flatMap(({ headers }) => headers);
    expect(sent).toHaveLength(2);
    for (const headers of sent) {
      expect(headers['x-caregraph-viewer']).toBeUndefined();
      expect(headers.authorization).toBeUndefined();
    }
  });

  it('serves each change of the file under load without a request that fails, and refuses what it cannot serve', async () => {
    const stop = new AbortController();
    const counts = { answered: 0, failed: [] as unknown[] };
    const load = Array.from({ length: 3 }, async (_, caller) => {
      while (!stop.signal.aborted) {
        const alias = `a${caller}_${counts.answered % 50}`;
        const answer = await ask(`{ film { ${alias}: title stars } }`).catch((error: unknown) => ({
          errors: error,
        }));
        if ('errors' in answer) counts.failed.push(answer.errors);
        else counts.answered += 1;
        // The three must leave the gateway some of the machine to build the next graph with.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const served = async (field: string): Promise<void> => {
      for (;;) {
        const { errors } = await ask(`{ film { ${field} } }`);
        if (errors === undefined) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const refused = async (times: number): Promise<void> => {
      const isRefusal = ({ msg }: (typeof log)[number]): boolean =>
        msg === 'the supergraph could not be replaced';
      while (log.filter(isRefusal).length < times) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const withFields = (...fields: string[]): string =>
      stars.replace(/extra\d: Int/g, (text) => (fields.some((field) => text.startsWith(field)) ? text : ''));

    place(supergraph({ films, 'stars-2': withFields('extra1') }));
    await served('extra1');
    place('type Query { this: Is! no: Supergraph');
    await refused(1);
    place(supergraph({ films, 'stars-2': stars, more: `${link} type Query { more: Int }` }));
    await refused(2);
    await served('extra1');
    place(supergraph({ films, 'stars-2': withFields('extra1', 'extra2') }));
    await served('extra2');
    place(supergraph({ films, 'stars-2': stars }));
    await served('extra3');
    stop.abort();
    await Promise.all(load);

    expect(counts.failed).toEqual([]);
    expect(counts.answered).toBeGreaterThan(20);
    expect(log.filter(({ msg }) => msg === 'the supergraph was replaced')).toHaveLength(3);
  }, 60_000);
});
