// The key rings of a local stack: files in its folder, which the apps follow while they run. `npm run ops -- keys`
// changes them. In Kubernetes the same files are mounted secrets.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { apps, subgraphs, variablePart } from './apps.js';

/** Where an app finds a ring: `<variable>_FILE` names the file. */
export interface RingUse {
  readonly app: string;
  readonly variable: string;
  readonly file: string;
}

export interface RingDefinition {
  readonly name: string;
  readonly uses: readonly RingUse[];
  /** One key's entry in each of the ring's files. */
  readonly newKey: () => Readonly<Record<string, string>>;
  /** How long what a key made counts after another has taken its place, seconds; Infinity: its keys stay for ever. */
  readonly lifetimeSeconds: number;
  /** Apps that keep what it has sealed; a key is needed until nothing of it is left there. */
  readonly sealedIn?: readonly string[];
}

const minute = 60;
const day = 24 * 60 * minute;

/** `kid:secret`, the kid by the day on which it was made. */
const namedKey = (secret: () => string) => (): string =>
  `${new Date().toISOString().slice(0, 10)}-${randomBytes(2).toString('hex')}:${secret()}`;
const word = (bytes: number) => (): string => randomBytes(bytes).toString('hex');
const sealingKey = (): string => randomBytes(32).toString('base64');

const inOneFile = (
  name: string,
  uses: readonly Omit<RingUse, 'file'>[],
  newEntry: () => string,
  lifetimeSeconds: number,
): RingDefinition => ({
  name,
  uses: uses.map((use) => ({ ...use, file: name })),
  newKey: () => ({ [name]: newEntry() }),
  lifetimeSeconds,
});

/** The gateway stores what is no secret. */
const sealing = apps.flatMap(({ name, database }) =>
  database === undefined || name === 'gateway' ? [] : [name],
);

/** All rings. Nobody outlives the lifetimes: viewer tokens a minute, offers ten, webhooks' signatures five. */
export const rings: readonly RingDefinition[] = [
  ...subgraphs.map((app) =>
    inOneFile(
      `viewer-${app}`,
      [
        { app: 'gateway', variable: `VIEWER_KEYS_${variablePart(app)}` },
        { app, variable: 'VIEWER_KEYS' },
      ],
      namedKey(word(32)),
      2 * minute,
    ),
  ),
  inOneFile(
    'offers',
    ['scheduling', 'booking'].map((app) => ({ app, variable: 'OFFER_KEYS' })),
    namedKey(word(32)),
    // An offer counts for ten minutes, and the token of the hold that it led to for five more.
    20 * minute,
  ),
  // A session is signed anew whenever it is used; one that rests longer begins again, without its quotas.
  inOneFile('sessions', [{ app: 'gateway', variable: 'SESSION_KEYS' }], namedKey(word(32)), day),
  {
    ...inOneFile(
      'sealing',
      sealing.map((app) => ({ app, variable: 'SEALING_KEYS' })),
      namedKey(sealingKey),
      // Longer than any transaction that may have sealed with it.
      5 * minute,
    ),
    sealedIn: ['booking', 'scheduling', 'payments', 'notifications'],
  },
  inOneFile(
    'blind-index',
    [{ app: 'notifications', variable: 'BLIND_INDEX_KEYS' }],
    namedKey(sealingKey),
    Infinity,
  ),
  // On a laptop the vendor is the sandbox, which signs with the first.
  inOneFile(
    'stripe-webhook',
    ['payments', 'sandbox'].map((app) => ({ app, variable: 'STRIPE_WEBHOOK_SECRET' })),
    () => `whsec_${word(24)()}`,
    10 * minute,
  ),
  {
    name: 'sendgrid-webhook',
    uses: [
      { app: 'notifications', variable: 'SENDGRID_WEBHOOK_PUBLIC_KEY', file: 'sendgrid-webhook' },
      { app: 'sandbox', variable: 'SENDGRID_WEBHOOK_PRIVATE_KEY', file: 'sendgrid-webhook-private' },
    ],
    newKey: () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return {
        'sendgrid-webhook': publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
        'sendgrid-webhook-private': pem.trim().replaceAll('\n', '\\n'),
      };
    },
    lifetimeSeconds: 10 * minute,
  },
];

export const filesOf = ({ uses }: RingDefinition): string[] => [...new Set(uses.map(({ file }) => file))];

/** One key of a ring: its entry in each file. */
export type RingKey = Readonly<Record<string, string>>;

const fileOf = (dir: string, file: string): string => path.join(dir, 'keys', file);

/** The keys that the ring's files hold, in order. */
export function readRing(dir: string, ring: RingDefinition): RingKey[] {
  const columns = filesOf(ring).map((file) => ({
    file,
    entries: fs.readFileSync(fileOf(dir, file), 'utf8').trim().split(','),
  }));
  const count = Math.min(...columns.map(({ entries }) => entries.length));
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(columns.map(({ file, entries }) => [file, entries[index] ?? ''])),
  );
}

/** Replaces each file at once, so that an app never reads half of it. */
export function writeRing(dir: string, ring: RingDefinition, keys: readonly RingKey[]): void {
  fs.mkdirSync(path.join(dir, 'keys'), { recursive: true, mode: 0o700 });
  for (const file of filesOf(ring)) {
    const next = fileOf(dir, `${file}.next`);
    fs.writeFileSync(next, `${keys.map((key) => key[file] ?? '').join(',')}\n`, { mode: 0o600 });
    fs.renameSync(next, fileOf(dir, file));
  }
}

/** Makes the rings that the folder does not have. `known` is what an earlier release kept in another place. */
export function makeRings(dir: string, known: (file: string) => string | undefined = () => undefined): void {
  for (const ring of rings) {
    const files = filesOf(ring);
    if (files.every((file) => fs.existsSync(fileOf(dir, file)))) continue;
    const entries = files.map((file) => [file, known(file)?.trim().replaceAll('\n', '\\n')] as const);
    const complete = entries.every(([, entry]) => entry !== undefined);
    writeRing(dir, ring, [complete ? (Object.fromEntries(entries) as RingKey) : ring.newKey()]);
  }
}

/** The variables by which an app finds its rings. */
export const ringVariables = (dir: string, app: string): Record<string, string> =>
  Object.fromEntries(
    rings
      .flatMap(({ uses }) => uses)
      .filter((use) => use.app === app)
      .map(({ variable, file }) => [`${variable}_FILE`, fileOf(dir, file)]),
  );
