// How a mistake is planted into what was rendered: a copy with one thing changed.
import type { Manifest } from '../manifest.js';

export interface Mistake {
  readonly says: string;
  /** The policy that must find it; `schema` for a manifest that the cluster would refuse. */
  readonly foundBy: string;
  readonly plant: (all: readonly Manifest[]) => Manifest[];
}

export type Node = Record<string, unknown>;

/** Walks to the parent of a path such as `spec.template.spec.containers.0.image`. */
function parentOf(manifest: Manifest, path: string): [Node, string] {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let node = manifest as Node;
  for (const step of steps) {
    const next = node[step];
    if (typeof next !== 'object' || next === null)
      throw new Error(`${manifest.kind} ${manifest.metadata.name} has no ${path}.`);
    node = next as Node;
  }
  return [node, last];
}

export function change(
  kind: string,
  name: string,
  path: string,
  to: (before: unknown) => unknown,
): Mistake['plant'] {
  return (all) => {
    const copy = structuredClone(all) as Manifest[];
    const target = copy.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    if (!target) throw new Error(`There is no ${kind} ${name} to plant a mistake in.`);
    const [parent, last] = parentOf(target, path);
    const value = to(parent[last]);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
    return copy;
  };
}

export const set = (kind: string, name: string, path: string, value: unknown): Mistake['plant'] =>
  change(kind, name, path, () => value);

export const remove = (kind: string, name: string, path: string): Mistake['plant'] =>
  set(kind, name, path, undefined);

export const drop =
  (kind: string, name: string): Mistake['plant'] =>
  (all) =>
    all.filter((manifest) => manifest.kind !== kind || manifest.metadata.name !== name);

export const append = (kind: string, name: string, path: string, item: unknown): Mistake['plant'] =>
  change(kind, name, path, (before) => [...(before as unknown[]), item]);

export const add =
  (
    manifest: Omit<Manifest, 'metadata'> & { readonly metadata: { readonly name: string } },
  ): Mistake['plant'] =>
  (all) => [...all, { ...manifest, metadata: { ...manifest.metadata, namespace: 'caregraph' } } as Manifest];

export const pod = 'spec.template.spec';
export const app = `${pod}.containers.0`;
