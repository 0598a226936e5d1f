import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import { LastEncoded, textFrame } from './frames.js';

/** Exported by ws, and left out of its types. */
const { Receiver } = createRequire(import.meta.url)('ws') as {
  Receiver: new (options: { isServer: boolean }) => Writable;
};

/** As the other side of a socket reads it. */
const read = (frame: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const receiver = new Receiver({ isServer: false });
    receiver.on('message', (data: Buffer) => {
      resolve(data.toString('utf8'));
    });
    receiver.on('error', reject);
    receiver.write(frame);
  });

describe('a text frame', () => {
  it.each([0, 1, 100, 117, 118, 65_527, 65_528, 200_000])(
    'of %d bytes in the middle is read as it was written',
    async (length) => {
      const middle = Buffer.alloc(length, 'é');
      const text = middle.toString('utf8');
      if (text.includes('\ufffd')) middle.fill('e');
      const frame = textFrame(Buffer.from('{"a":'), middle, Buffer.from('}'));
      expect(await read(frame)).toBe(`{"a":${middle.toString('utf8')}}`);
    },
  );
});

describe('a text for many', () => {
  it('is encoded once, until another comes', () => {
    const last = new LastEncoded();
    const bytes = last.of('Grüße');
    expect(last.of(['Grü', 'ße'].join(''))).toBe(bytes);
    expect(last.of('other').toString()).toBe('other');
    expect(last.of('Grüße').toString()).toBe('Grüße');
  });
});
