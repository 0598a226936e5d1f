// Ids of the demo's world: UUID v5 of a name, so that they are the same on every machine and in every run.
import { createHash } from 'node:crypto';

const namespace = '6f1d5a0e-8c0b-5d7e-9a43-0c2f6b1e7d11';

/** The id of a thing of the demo, for example `demoId('practice', 'riverside')`. */
export function demoId(kind: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(`${kind}/${name}`)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The demo's two practices. */
export const demoPractices = {
  riverside: demoId('practice', 'riverside'),
  lakeshore: demoId('practice', 'lakeshore'),
} as const;

/** The account (`sub`) of a demo login. */
export const demoAccount = (login: string): string => demoId('account', login);
