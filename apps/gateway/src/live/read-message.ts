// Reads what a client says. graphql-ws wants a text in each operation; ours may name its document instead.
import {
  MessageType,
  parseMessage,
  validateMessage,
  type ConnectionAckMessage,
  type ErrorMessage,
  type Message,
  type NextMessage,
} from 'graphql-ws';

export type ClientMessage = Exclude<Message, ConnectionAckMessage | NextMessage | ErrorMessage>;
const ours: readonly MessageType[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];
export const isFromClient = (message: Message): message is ClientMessage => !ours.includes(message.type);

/** Throws for what is no message. */
export function readMessage(text: string): Message {
  try {
    return parseMessage(text);
  } catch (error) {
    const named = withoutText(text);
    if (named === undefined) throw error;
    return validateMessage(named);
  }
}

/** The same with an empty text, where an id stands in its place. */
function withoutText(text: string): unknown {
  const { type, payload, ...message } = Object(JSON.parse(text)) as { type?: unknown; payload?: unknown };
  const { query, documentId } = Object(payload) as Record<string, unknown>;
  const { persistedQuery } = Object((Object(payload) as { extensions?: unknown }).extensions) as {
    persistedQuery?: unknown;
  };
  const isNamed = documentId != null || persistedQuery != null;
  if (type !== MessageType.Subscribe || query != null || !isNamed) return undefined;
  return { ...message, type, payload: { ...Object(payload), query: '' } as unknown };
}
