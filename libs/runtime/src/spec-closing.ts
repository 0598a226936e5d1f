// A process for shutdown.spec.ts: it opens things, says `open`, and waits for a signal. argv[2] names what goes wrong.
import { createLogger } from './log.js';
import { gracefulShutdown } from './shutdown.js';

const [, , fault] = process.argv;
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const closing = gracefulShutdown(
  createLogger('spec', 'info', {
    write: (line) => {
      process.stdout.write(line);
    },
  }),
  fault === 'hangs' ? 300 : 25_000,
);
closing.add('database', () => {
  say(`database closes, closing is ${closing.closing}`);
});
closing.add('consumers', async () => {
  await new Promise((resolve) => setImmediate(resolve));
  say('consumers closed');
  if (fault === 'late') closing.add('latecomer', () => say('latecomer closed'));
});
closing.add('http', () => {
  say('http closes');
  if (fault === 'fails') throw new Error('It jams.');
  return fault === 'hangs' ? new Promise(() => undefined) : undefined;
});
if (fault === 'throws') {
  setImmediate(() => {
    throw Object.assign(new Error('Nobody caught canary@example.org.'), { detail: 'canary' });
  });
}
if (fault === 'rejects') void Promise.reject(new Error('Nobody awaited it.'));
if (fault === 'top') throw new Error('It does not start.');
setInterval(() => undefined, 1_000);
say(`open, closing is ${closing.closing}`);
