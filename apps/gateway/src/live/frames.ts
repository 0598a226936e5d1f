// Text frames of a WebSocket (RFC 6455, section 5.2), made by hand: what thousands get is encoded once, and each
// socket's frame is one copy and one write.

/** The bytes of a text that was asked for just now are not made again: an event's readers are served one after another. */
export class LastEncoded {
  private text = '';
  private bytes = Buffer.alloc(0);

  of(text: string): Buffer {
    if (text === this.text) return this.bytes;
    this.text = text;
    this.bytes = Buffer.from(text, 'utf8');
    return this.bytes;
  }
}

const wholeText = 0x81;

/** One unmasked, unfragmented text frame of three parts, as a server sends it. */
export function textFrame(start: Buffer, middle: Buffer, end: Buffer): Buffer {
  const length = start.length + middle.length + end.length;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = wholeText;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  start.copy(frame, header);
  middle.copy(frame, header + start.length);
  end.copy(frame, header + start.length + middle.length);
  return frame;
}
