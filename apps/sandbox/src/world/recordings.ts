// Everything the product said to a vendor and was told, so that it can be checked against the vendors' descriptions.

export interface Exchange {
  readonly at: string;
  /** `call`: the product asked the vendor. `webhook`: the vendor told the product. */
  readonly direction: 'call' | 'webhook';
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
  readonly query?: unknown;
  readonly requestBody: unknown;
  /** Absent when no answer was given or none came. */
  readonly status?: number;
  readonly responseBody?: unknown;
  /** The fault that struck, by kind. */
  readonly fault?: string;
}

/** Enough for a long campaign; the oldest go first. */
const limit = 20_000;
const secretNames = /^(client_secret|number|cvc|access_token|refresh_token|id_token|password)$/;

export class Recordings {
  readonly #exchanges: Exchange[] = [];

  record(exchange: Omit<Exchange, 'at'>): void {
    this.#exchanges.push(withoutSecrets({ at: new Date().toISOString(), ...exchange }) as Exchange);
    if (this.#exchanges.length > limit) this.#exchanges.shift();
  }

  list(vendor?: string): readonly Exchange[] {
    return vendor ? this.#exchanges.filter((exchange) => exchange.vendor === vendor) : this.#exchanges;
  }
}

/** A deep copy, because what the world holds changes later. Secrets keep their type: descriptions require a string. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretNames.test(name) && typeof inner === 'string' ? 'redacted' : withoutSecrets(inner),
    ]),
  );
}
