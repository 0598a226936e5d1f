// What a running app says of itself, read as a program reads it.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples in a text of Prometheus' format. */
export const samplesIn = (text: string): Sample[] =>
  [...text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/gm)].map(
    ([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [label, text]),
      ),
      value: Number(value),
    }),
  );

/** The samples of the app at this address; undefined when it does not answer. */
export async function scrape(url: string | undefined): Promise<Sample[] | undefined> {
  try {
    const response = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(5_000) });
    return response.ok ? samplesIn(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}
