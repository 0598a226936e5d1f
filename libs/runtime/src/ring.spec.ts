import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import { z } from 'zod';
import {
  createLogger,
  createSealer,
  followRings,
  keyRing,
  readConfig,
  sealingRing,
  secretRing,
} from './index.js';
import { signViewer, systemViewer, viewerVerifier } from './viewer.js';

const secret = (): string => randomBytes(32).toString('base64');
const everyMs = 10;

describe('a ring that comes from a file', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-rings-'));
  const file = path.join(dir, 'sealing');
  const write = (text: string): void => {
    fs.writeFileSync(`${file}.next`, text);
    fs.renameSync(`${file}.next`, file);
  };
  const closers: (() => unknown)[] = [];
  const lines: string[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
    lines.length = 0;
  });
  afterAll(() => {
    fs.rmSync(dir, { recursive: true });
  });

  const follow = () => {
    const config = readConfig(z.object({ SEALING_KEYS: sealingRing, NAME: z.string().optional() }), {
      SEALING_KEYS_FILE: file,
    });
    const metrics = new Registry();
    const log = createLogger('spec', 'info', { write: (line) => lines.push(line) });
    const closing = { add: (_name: string, close: () => unknown) => closers.push(close) };
    followRings({ config, log, metrics, closing, everyMs });
    return { ring: config.SEALING_KEYS, metrics };
  };
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + 5_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error('It did not happen within 5 s.');
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };

  it('changes while the app runs: what the old key sealed opens, and the new one seals', async () => {
    const [old, current] = [secret(), secret()];
    write(`old:${old}\n`);
    const { ring } = follow();
    const sealer = createSealer(ring);
    const sealed = sealer.seal('pat@example.test', 'here');
    write(`new:${current},old:${old}\n`);
    await until(() => ring.kids.length === 2);
    expect(sealer.open(sealed, 'here')).toBe('pat@example.test');
    expect(sealer.seal('sam@example.test', 'here')).toMatch(/^sealed\.v1\.new\./);
    expect(sealer.kids).toEqual(['new', 'old']);
    write(`new:${current}\n`);
    await until(() => ring.kids.length === 1);
    expect(() => sealer.open(sealed, 'here')).toThrow('no key');
  });

  it('stays as it is when the file is no ring or is gone, says so once, and takes the next good one', async () => {
    write(`old:${secret()}`);
    const { ring, metrics } = follow();
    const rejected = async (): Promise<number | undefined> =>
      (await metrics.getSingleMetric('caregraph_key_ring_rejected')?.get())?.values[0]?.value;
    for (const spoil of [
      () => {
        write('old:canary-that-is-too-short');
      },
      () => {
        write('');
      },
      () => {
        write(`twice:${secret()},twice:${secret()}`);
      },
      () => {
        fs.rmSync(file);
      },
    ]) {
      write(`good:${secret()}`);
      await until(async () => (await rejected()) === 0 && ring.kids[0] === 'good');
      lines.length = 0;
      spoil();
      await until(async () => (await rejected()) === 1);
      // Several looks later it has still been told only once.
      const looks = Date.now() + 5 * everyMs;
      await until(() => Date.now() > looks);
      expect(ring.kids).toEqual(['good']);
      expect(lines.filter((line) => line.includes('stays as it is'))).toHaveLength(1);
      expect(lines.join()).not.toContain('canary');
    }
    write(`new:${secret()}`);
    await until(() => ring.kids.join() === 'new');
    expect(await rejected()).toBe(0);
  });

  it('shows the names of its keys and which one signs, and nothing of the secrets', async () => {
    const [one, two] = [secret(), secret()];
    write(`one:${one},two:${two}`);
    const { metrics } = follow();
    const text = await metrics.metrics();
    expect(text).toContain('caregraph_key_ring_keys{ring="SEALING_KEYS",kid="one",role="signing"} 1');
    expect(text).toContain('caregraph_key_ring_keys{ring="SEALING_KEYS",kid="two",role="accepting"} 1');
    for (const hidden of [one, two]) expect(text).not.toContain(hidden.slice(0, 12));
  });

  it('is refused at the start when it cannot be read, or is given twice', () => {
    write(`one:${secret()}`);
    const schema = z.object({ SEALING_KEYS: sealingRing });
    expect(() => readConfig(schema, { SEALING_KEYS_FILE: path.join(dir, 'absent') })).toThrow(
      'SEALING_KEYS_FILE: the file cannot be read',
    );
    expect(() => readConfig(schema, { SEALING_KEYS_FILE: file, SEALING_KEYS: `a:${secret()}` })).toThrow(
      'SEALING_KEYS: given twice',
    );
  });

  it('must hold keys of 32 bytes if it seals', () => {
    expect(sealingRing.safeParse(`a:${'x'.repeat(40)}`).success).toBe(false);
    expect(keyRing.safeParse(`a:${'x'.repeat(40)}`).success).toBe(true);
  });
});

describe('a ring of a vendor’s secrets', () => {
  const words = secretRing((text) => {
    if (!text.startsWith('whsec_')) throw new Error(text);
    return text;
  }, 'must begin with whsec_');

  it('names them by fingerprints, the same in each app', () => {
    const [one, other] = [words.parse('whsec_one,whsec_two'), words.parse('whsec_two')];
    expect([...one]).toEqual(['whsec_one', 'whsec_two']);
    expect(one.kids[1]).toBe(other.kids[0]);
    expect(one.kids.join()).toMatch(/^[\da-f]{8},[\da-f]{8}$/);
  });

  it('does not repeat what it refuses', () => {
    expect(words.safeParse('canary').error?.issues[0]?.message).toBe('must begin with whsec_');
  });
});

describe('viewer tokens while their ring changes', () => {
  it('are accepted before, during and after, because a key is accepted everywhere before it signs', async () => {
    const [old, current] = [
      { kid: 'old', secret: secret() },
      { kid: 'new', secret: secret() },
    ];
    const text = (...keys: { kid: string; secret: string }[]): string =>
      keys.map(({ kid, secret }) => `${kid}:${secret}`).join();
    const gateway = keyRing.parse(text(old));
    const subgraph = keyRing.parse(text(old));
    const verify = viewerVerifier('booking', subgraph);
    const signed = () => signViewer(systemViewer, { audience: 'booking', body: '{}', keys: gateway });
    const before = await signed();
    // The sides load each step at different times: the gateway first, then the subgraph first.
    for (const [first, second] of [
      [gateway, subgraph],
      [subgraph, gateway],
    ] as const) {
      gateway.take(keyRing.parse(text(old)));
      subgraph.take(keyRing.parse(text(old)));
      for (const step of [
        [old, current],
        [current, old],
      ]) {
        first.take(keyRing.parse(text(...step)));
        expect(await verify(await signed(), '{}')).toEqual(systemViewer);
        second.take(keyRing.parse(text(...step)));
        expect(await verify(await signed(), '{}')).toEqual(systemViewer);
      }
    }
    expect(await verify(before, '{}')).toEqual(systemViewer);
    const late = await signViewer(systemViewer, { audience: 'booking', body: '{}', keys: [old] });
    subgraph.take(keyRing.parse(text(current)));
    await expect(verify(late, '{}')).rejects.toThrow();
  });
});
