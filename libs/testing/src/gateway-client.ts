// A client of the gateway as an app has it: queries and mutations over HTTP, subscriptions over a WebSocket.
import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';

export interface GraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly requestId?: string;
    readonly traceId?: string;
    readonly fields?: readonly { field: string }[];
  };
}

export interface GraphAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null;
  readonly errors: readonly GraphError[];
}

export class GraphRequestFailed extends Error {
  override readonly name = 'GraphRequestFailed';
  constructor(readonly errors: readonly GraphError[]) {
    super(errors.map(({ message, extensions }) => `${extensions?.code ?? '?'}: ${message}`).join('; '));
  }
}

type Variables = Readonly<Record<string, unknown>>;

export class GatewayClient {
  private socket: Client | undefined;

  constructor(
    private readonly urls: { readonly graphql: string; readonly subscriptions: string },
    readonly token?: string,
  ) {}

  /** The whole answer, errors included. */
  async answer<Data>(
    query: string,
    variables: Variables = {},
    headers: Record<string, string> = {},
  ): Promise<GraphAnswer<Data>> {
    const response = await fetch(this.urls.graphql, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as { data?: Data | null; errors?: GraphError[] };
    return {
      status: response.status,
      headers: response.headers,
      data: body.data ?? null,
      errors: body.errors ?? [],
    };
  }

  /** The data; throws when there is any error. */
  async request<Data>(
    query: string,
    variables: Variables = {},
    headers: Record<string, string> = {},
  ): Promise<Data> {
    const { data, errors } = await this.answer<Data>(query, variables, headers);
    if (errors.length > 0 || data === null) throw new GraphRequestFailed(errors);
    return data;
  }

  /** Each event's data as it comes; ends when the iterator is returned. */
  subscribe<Data>(query: string, variables: Variables = {}): AsyncIterableIterator<Data> {
    this.socket ??= createClient({
      url: this.urls.subscriptions,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: this.token ? { authorization: `Bearer ${this.token}` } : {},
    });
    const events = this.socket.iterate<Data>({ query, variables });
    return unwrapped(events as AsyncIterableIterator<{ data?: Data | null; errors?: readonly GraphError[] }>);
  }

  async close(): Promise<void> {
    await this.socket?.dispose();
  }
}

async function* unwrapped<Data>(
  events: AsyncIterableIterator<{ data?: Data | null; errors?: readonly GraphError[] }>,
): AsyncIterableIterator<Data> {
  for await (const { data, errors } of events) {
    if (errors && errors.length > 0) throw new GraphRequestFailed(errors);
    if (data) yield data;
  }
}
