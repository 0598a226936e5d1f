// Every manifest against the schema of its kind: an unknown field is a mistake, and so is a kind without a schema.
import fs from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { titleOf, type Manifest } from './manifest.js';

/** Beside the checkout: schemas of Kubernetes itself and of the operators' resources, too large to carry along. */
export const schemaFolder = path.resolve(import.meta.dirname, '../../../shared/k8s-schemas');

const coreFile = 'kubernetes-strict.schema.json';

interface CoreSchemas {
  readonly roots: Readonly<Record<string, object>>;
  readonly definitions: object;
}

/** `apps/v1`, `Deployment`: `apps_v1_Deployment`. */
const coreName = ({ apiVersion, kind }: Manifest): string => `${apiVersion.replace(/[./]/g, '_')}_${kind}`;

/** `kafka.strimzi.io/v1`, `Kafka`: `kafka.strimzi.io_kafka_v1.json`. */
const customName = ({ apiVersion, kind }: Manifest): string => {
  const [group = '', version = ''] = apiVersion.split('/');
  return `${group}_${kind.toLowerCase()}_${version}.json`;
};

/** Go's way to ignore case for the rest of a pattern, in JavaScript's words. */
const asJavaScript = (text: string): string => text.replace(/\^\(\?i\)(.*?)\$"/g, '^(?i:$1)$"');

const readJson = (file: string): unknown => JSON.parse(asJavaScript(fs.readFileSync(file, 'utf8')));

/** Makes a function that says what is wrong with a manifest. Throws when the schemas are not there. */
export function schemaCheck(folder = schemaFolder): (manifest: Manifest) => string[] {
  if (!fs.existsSync(path.join(folder, coreFile)))
    throw new Error(`The schemas of Kubernetes are not at ${folder}; nothing can be validated without them.`);
  const core = readJson(path.join(folder, coreFile)) as CoreSchemas;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validators = new Map<string, ValidateFunction | undefined>();

  const make = (manifest: Manifest): ValidateFunction | undefined => {
    const root = core.roots[coreName(manifest)];
    if (root) return ajv.compile({ ...root, definitions: core.definitions });
    const file = path.join(folder, customName(manifest));
    if (!fs.existsSync(file)) return undefined;
    return ajv.compile({ ...(readJson(file) as object), additionalProperties: false });
  };

  return (manifest) => {
    const key = `${manifest.apiVersion} ${manifest.kind}`;
    if (!validators.has(key)) validators.set(key, make(manifest));
    const validate = validators.get(key);
    if (!validate) return [`${titleOf(manifest)}: there is no schema of ${key}`];
    validate(manifest);
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = 'additionalProperty' in params ? ` (${String(params.additionalProperty)})` : '';
      return `${titleOf(manifest)}${instancePath}: ${message ?? 'is wrong'}${extra}`;
    });
  };
}
