// Objects as JSON has them.

export type Values = Record<string, unknown>;

export const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How objects are made and read. Ordinary ones are several times as fast as those without a prototype. */
export interface Access {
  readonly make: () => Values;
  readonly read: (object: Values, name: string) => unknown;
}

export const ordinary: Access = { make: () => ({}), read: (object, name) => object[name] };

/** For names that every object inherits: `constructor`, `__proto__`. */
export const careful: Access = {
  make: () => Object.create(null) as Values,
  read: (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined),
};
