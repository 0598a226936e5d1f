// What the apps serve at `/metrics`, read as Prometheus reads it.
import { stack } from './story.js';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Scrape {
  readonly app: string;
  /** By metric: counter, gauge or histogram; also of those that have no sample yet. */
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

export const appNames = [
  'gateway',
  'booking',
  'scheduling',
  'payments',
  'notifications',
  'calendar-sync',
  'platform',
] as const;

export async function scrape(app: string): Promise<Scrape> {
  const response = await fetch(new URL('/metrics', stack.describe().urls[app]));
  if (!response.ok) throw new Error(`${app} answered its scrape with ${response.status}.`);
  const lines = (await response.text()).split('\n');
  return {
    app,
    types: new Map(
      lines.flatMap((line) => {
        const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
        return name && type ? [[name, type] as const] : [];
      }),
    ),
    samples: lines.flatMap((line) => {
      const [, name, labels = '', value] = /^([a-zA-Z_]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return name && value ? [{ name, labels: labelsOf(labels), value: Number(value) }] : [];
    }),
  };
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );

export const scrapeAll = (): Promise<Scrape[]> => Promise.all(appNames.map(scrape));

/** The sum of all series of a metric that have these labels, over all apps. */
export const sumOf = (
  scrapes: readonly Scrape[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  scrapes
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
