// A network in which the group's coordinator can be lost: requests for it are answered by us, with the error that a
// broker gives while nobody is in charge of the group.
import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const findCoordinator = 10;
const coordinatorNotAvailable = 15;

export class BadNetwork {
  /** While true nobody finds a coordinator. */
  coordinatorIsLost = false;
  /** How many asked in vain. */
  refused = 0;
  private readonly sockets = new Set<net.Socket>();

  readonly socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    // kafkajs leaves the settings of TLS out for plain text, whatever its types say.
    const settings = ssl as tls.ConnectionOptions | undefined;
    const socket = settings
      ? tls.connect({ host, port, ...settings }, onConnect)
      : net.connect({ host, port }, onConnect);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    const write = socket.write.bind(socket) as (data: Buffer, encoding?: BufferEncoding) => boolean;
    socket.write = (data: string | Uint8Array, encoding?: unknown): boolean => {
      const request = Buffer.from(data as Buffer);
      if (!this.coordinatorIsLost || request.length < 12 || request.readInt16BE(4) !== findCoordinator)
        return write(request, encoding as BufferEncoding);
      this.refused += 1;
      setImmediate(() => socket.emit('data', refusal(request.readInt16BE(6), request.readInt32BE(8))));
      return true;
    };
    return socket;
  };

  /** Breaks every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy(new Error('The network was cut.'));
  }
}

/** Of version 0: the error, and a coordinator that is none. Later ones say before how long to wait, and why. */
function refusal(version: number, correlationId: number): Buffer {
  const [int16, int32] = [2, 4];
  const body = Buffer.alloc(version === 0 ? 4 * int16 + int32 + 2 : 3 * int16 + 4 * int32);
  let at = version === 0 ? 0 : int32;
  at = body.writeInt16BE(coordinatorNotAvailable, at);
  if (version > 0) at = body.writeInt16BE(-1, at);
  at = body.writeInt32BE(-1, at);
  at = body.writeInt16BE(0, at);
  body.writeInt32BE(-1, at);
  const head = Buffer.alloc(2 * int32);
  head.writeInt32BE(int32 + body.length, 0);
  head.writeInt32BE(correlationId, int32);
  return Buffer.concat([head, body]);
}
