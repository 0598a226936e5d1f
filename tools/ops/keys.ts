// `npm run ops -- keys`: changes the keys of the running stack's rings while it works.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rings, type RingDefinition } from '../stack/rings.js';
import { KeyRing } from './support/key-ring.js';
import { retireKeys, rotateKey, whyNotYet } from './support/rotate-key.js';
import { CannotDo, stackFile } from './support/stack.js';

export const usage = `
keys status [<ring>]                                    the keys of each ring, which apps have them, what may go
keys rotate <ring> [--timeout <s>]                      makes a key; all apps accept it, then all sign with it
keys retire <ring> [--wait <s>] [--lifetime <s>] [--timeout <s>]  takes the older key away once nothing needs it`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { wait: { type: 'string' }, lifetime: { type: 'string' }, timeout: { type: 'string' } },
  });
  const [command = 'status', name = 'all', ...rest] = positionals;
  if (rest.length > 0 || (command !== 'status' && positionals.length < 2)) return 2;
  const chosen = chosenRings(name, command);
  const patience = { timeoutMs: milliseconds(values.timeout, 120), say };
  const options = {
    ...patience,
    waitMs: milliseconds(values.wait, 0),
    lifetimeMs: values.lifetime === undefined ? undefined : milliseconds(values.lifetime, 0),
  };
  if (command === 'status') console.table(await Promise.all(chosen.map(describe)));
  else if (command === 'rotate') await each(chosen, (ring) => rotateKey(ring, patience));
  else if (command === 'retire') await each(chosen, (ring) => retireKeys(ring, options));
  else return 2;
  return 0;
}

/** All at once, since each waits for the same apps; one that cannot be changed does not keep the others. */
async function each(chosen: readonly KeyRing[], change: (ring: KeyRing) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(chosen.map(change));
  const reasons = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as Error] : [],
  );
  if (reasons.length > 0) throw new CannotDo(reasons.map(({ message }) => message).join('\n'));
}

const groups: Readonly<Record<string, (ring: RingDefinition) => boolean>> = {
  all: () => true,
  viewer: ({ name }) => name.startsWith('viewer-'),
};

/** A ring by its name; `viewer` is those of all subgraphs, `all` every one that can be changed without end. */
function chosenRings(name: string, command: string): KeyRing[] {
  const open = (of: readonly RingDefinition[]): KeyRing[] =>
    of.map((ring) => new KeyRing(ring, path.resolve(stackFile())));
  const named = rings.filter((ring) => ring.name === name);
  if (named.length > 0) return open(named);
  const group = groups[name];
  if (!group)
    throw new CannotDo(`There is no ring "${name}"; there are ${rings.map((ring) => ring.name).join(', ')}.`);
  if (command === 'status') return open(rings.filter(group));
  const changing = open(rings.filter((ring) => group(ring) && ring.lifetimeSeconds !== Infinity));
  // Of several, those are meant whose turn it is.
  return command === 'retire' ? changing.filter(({ change }) => change?.phase === 'promoted') : changing;
}

function milliseconds(text: string | undefined, otherwise: number): number {
  const seconds = Number(text ?? otherwise);
  if (!(seconds >= 0)) throw new CannotDo(`"${text ?? ''}" is no number of seconds.`);
  return seconds * 1_000;
}

async function describe(ring: KeyRing): Promise<Record<string, string>> {
  const keys = ring.keys();
  const { change } = ring;
  const loaded = await ring.loaded();
  const upToDate = loaded.filter(
    ({ use, kids }) => kids[0] === ring.kid(keys[0] ?? {}, use.file) && kids.length === keys.length,
  );
  const [newest = {}, ...older] = keys;
  const reason = change?.phase === 'promoted' ? await whyNotYet(ring, newest, older, {}) : undefined;
  return {
    ring: ring.name,
    keys: keys.map((key) => ring.kid(key)).join(', '),
    loaded: `${upToDate.length} of ${loaded.length} apps`,
    next: nextOf(ring, change?.phase, reason),
  };
}

function nextOf({ name }: KeyRing, phase: string | undefined, reason: string | undefined): string {
  if (phase === 'added') return `keys rotate ${name} goes on`;
  if (phase === 'promoted') return reason ?? `keys retire ${name}`;
  return '';
}
