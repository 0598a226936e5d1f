// Why a socket is closed, in a frame that has room for 125 bytes, two of which are the code (RFC 6455, section 5.5). `ws`
// throws for more; and what a client says may be in it.

const room = new Uint8Array(123);

/** As much of the text as there is room for, in whole characters. */
export const closeReason = (text: string): string =>
  text.slice(0, new TextEncoder().encodeInto(text, room).read);
