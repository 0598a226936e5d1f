// Requests as nobody's client library would send them: any method, any header, any body.
import { request as send, type IncomingHttpHeaders } from 'node:http';
import type { GraphError } from '@caregraph/testing';

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly json?: { readonly data?: unknown; readonly errors?: readonly GraphError[] };
}

const json = { 'content-type': 'application/json' };

export function ask(
  url: string,
  { method = 'POST', path = '/graphql', headers = {}, body }: Asked,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = send(new URL(path, url), { method, headers: { ...length, ...headers }, agent: false });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text, ...parsed(text) });
      });
    });
    outgoing.end(body);
  });
}

function parsed(text: string): Pick<Answered, 'json'> {
  try {
    return { json: JSON.parse(text) as NonNullable<Answered['json']> };
  } catch {
    return {};
  }
}

/** An operation as an ordinary client sends it. */
export const askGraph = (
  url: string,
  query: string,
  {
    variables,
    token,
    headers = {},
  }: { variables?: object; token?: string | undefined; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answered> =>
  ask(url, {
    headers: { ...json, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify({ query, ...(variables ? { variables } : {}) }),
  });

/** The codes of the errors of an answer, each once. */
export const codesOf = ({ json: body }: Answered): (string | undefined)[] => [
  ...new Set((body?.errors ?? []).map(({ extensions }) => extensions?.code)),
];

/** What was answered, without the ids that differ each time. */
export const withoutIds = ({ status, text }: Answered): string =>
  `${status} ${text.replaceAll(/"(requestId|traceId)":"[^"]*"/g, '"$1":""')}`;
