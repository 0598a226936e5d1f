import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { startTestBed, type TestBed } from '../test-bed.js';
import { everythingSaid, eventTypeName, objectTypeName, type Call, type Said } from './everything-said.js';

// The vendor's descriptions lie beside the project and are not copied into it; a clone alone does not have them.
const folder = new URL('../../../../../shared/vendor-specs/', import.meta.url);
const typesFile = new URL('stripe.sdk-23.1.0.api-2026-10-28.types.schema.json', folder);
const routesFile = new URL('stripe.openapi.2023-08-16.trimmed.json', folder);
const described = existsSync(typesFile) && existsSync(routesFile);

interface Route {
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly properties?: Readonly<Record<string, unknown>> } }>
    >;
  };
}
type Routes = Readonly<Record<string, Readonly<Record<string, Route | undefined>> | undefined>>;

const formType = 'application/x-www-form-urlencoded';

/** The template with the fewest parameters that fits the path. */
function templateOf(routes: Routes, path: string): string | undefined {
  return Object.keys(routes)
    .sort((one, other) => one.split('{').length - other.split('{').length)
    .find((template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
}

function problemsOf(routes: Routes, { method, path, requestBody = {} }: Call): string[] {
  const route = routes[templateOf(routes, path) ?? '']?.[method.toLowerCase()];
  if (!route) return [`${method} ${path} is not described`];
  const known = route.requestBody?.content[formType]?.schema.properties ?? {};
  return Object.keys(requestBody).flatMap((name) =>
    name in known ? [] : [`${method} ${path} does not know ${name}`],
  );
}

/** As many as the sandbox has, less those of controls. */
const operationsAtLeast = 18;

const banner = (lines: readonly string[]): string => {
  const width = Math.max(...lines.map(({ length }) => length));
  const rule = '!'.repeat(width + 6);
  return ['', rule, ...lines.map((line) => `!! ${line.padEnd(width)} !!`), rule].join('\n');
};

describe("Stripe's own descriptions", () => {
  let bed: TestBed;
  let said: Said;
  beforeAll(async () => {
    bed = await startTestBed();
    said = await everythingSaid(bed);
  });
  afterAll(() => bed.close());

  it('have words for every refusal of the sandbox', () => {
    const refusals = said.calls.flatMap(({ responseBody }) => responseBody?.error ?? []);
    expect(refusals).toHaveLength(3);
    for (const error of refusals) {
      expect(error).toMatchObject({
        type: expect.stringMatching(/^(card_error|invalid_request_error)$/) as string,
        message: expect.any(String) as string,
      });
    }
  });

  if (!described) {
    it('ARE NOT CHECKED here, as they do not lie beside the project', () => {
      console.warn(
        banner([
          "NOT CHECKED: what the sandbox says as Stripe, against Stripe's own descriptions.",
          'They are looked for in',
          folder.pathname,
          'Only the types of the SDK vouch for the sandbox in this run (sdk-types.spec.ts).',
        ]),
      );
      // A folder without the files that are looked for is a mistake of this spec and no mere clone.
      expect(existsSync(folder)).toBe(false);
    });
  } else {
    it('are fitted by every object and every event', () => {
      const { definitions } = JSON.parse(readFileSync(typesFile, 'utf8')) as { definitions: object };
      const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, validateFormats: false });
      ajv.addSchema({ $id: 'types', definitions });
      const problems = (definition: string, thing: unknown): string[] => {
        const fits = ajv.getSchema(`types#/definitions/${definition}`);
        if (!fits) return [`${definition} is not described`];
        return fits(thing) ? [] : [`${definition}: ${ajv.errorsText(fits.errors?.slice(0, 5))}`];
      };
      expect(said.objects.flatMap((thing) => problems(objectTypeName(thing), thing))).toEqual([]);
      expect(said.events.flatMap((event) => problems(eventTypeName(event.type), event))).toEqual([]);
      expect(problems('Refund', { object: 'refund' })).toHaveLength(1);
    });

    it('know every route that the sandbox answers and every parameter that it takes', () => {
      const { paths } = JSON.parse(readFileSync(routesFile, 'utf8')) as { paths: Routes };
      expect(said.calls.flatMap((call) => problemsOf(paths, call))).toEqual([]);
      const operations = said.calls.map(({ method, path }) => `${method} ${templateOf(paths, path) ?? ''}`);
      expect(new Set(operations).size).toBeGreaterThanOrEqual(operationsAtLeast);
    });
  }
});
