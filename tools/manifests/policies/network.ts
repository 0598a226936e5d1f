// Who may speak to whom. The doors of all NetworkPolicies, as a graph, must be those of the reviewed file; between two
// pods of ours a door counts only when it is open on both sides.
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ofKind, selects, specOf, workloadsOf, type Labels, type Manifest } from '../manifest.js';
import type { Policy } from '../policy.js';

const components = path.resolve(import.meta.dirname, '../../../k8s/components');

interface Peer {
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly namespaceSelector?: { readonly matchLabels?: Labels };
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port?: number | string }[];
}

interface NetworkPolicySpec {
  readonly podSelector: { readonly matchLabels?: Labels };
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** `booking>booking-db:5432`. */
type Edge = string;

/** Which pods a selector means, by what only they have. */
function nameOfLabels(labels: Labels): string {
  if (labels['strimzi.io/cluster']) return 'kafka';
  if (labels['app.kubernetes.io/component'] === 'opentelemetry-collector') return 'telemetry';
  const [first] = [labels['cnpg.io/cluster'], labels['app.kubernetes.io/name']].filter((name) => name);
  return first ?? (Object.keys(labels).length === 0 ? 'every pod' : JSON.stringify(labels));
}

const namespaceNames: Readonly<Record<string, string>> = { 'kube-system': 'names' };

/** Addresses of this house: whoever may speak to the world must not reach these that way. */
const inside = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'];

function nameOfPeer({ podSelector, namespaceSelector, ipBlock }: Peer): string {
  if (ipBlock) return inside.every((range) => ipBlock.except?.includes(range)) ? 'internet' : 'anywhere';
  return namespaceSelector
    ? nameOfNamespace(namespaceSelector.matchLabels ?? {})
    : nameOfLabels(podSelector?.matchLabels ?? {});
}

function nameOfNamespace(labels: Labels): string {
  if (labels['caregraph.io/edge'] === 'true') return 'edge';
  const name = labels['kubernetes.io/metadata.name'] ?? 'every namespace';
  return namespaceNames[name] ?? name;
}

const isOurs = ({ namespaceSelector, ipBlock }: Peer): boolean => !namespaceSelector && !ipBlock;

interface Doors {
  /** Open, as far as this house is concerned. */
  readonly open: ReadonlySet<Edge>;
  /** Between two of ours, open on one side only. */
  readonly half: ReadonlySet<Edge>;
}

interface Door {
  readonly edge: Edge;
  readonly side: 'ingress' | 'egress';
  readonly between: 'ours' | 'others';
}

const anybody: Peer = { ipBlock: { cidr: '0.0.0.0/0' } };

/** The doors that one policy opens. A rule without peers is open to all, one without ports on all. */
function doorsOfPolicy(manifest: Manifest): Door[] {
  const spec = specOf<NetworkPolicySpec>(manifest);
  const self = nameOfLabels(spec.podSelector.matchLabels ?? {});
  const doors = (side: Door['side'], rule: Rule, peer: Peer): Door[] =>
    (rule.ports ?? [{}]).map(({ port = 'any port' }) => {
      const [from, to] = side === 'ingress' ? [nameOfPeer(peer), self] : [self, nameOfPeer(peer)];
      return { edge: `${from}>${to}:${port}`, side, between: isOurs(peer) ? 'ours' : 'others' };
    });
  return [
    ...(spec.ingress ?? []).flatMap((rule) =>
      (rule.from ?? [anybody]).flatMap((peer) => doors('ingress', rule, peer)),
    ),
    ...(spec.egress ?? []).flatMap((rule) =>
      (rule.to ?? [anybody]).flatMap((peer) => doors('egress', rule, peer)),
    ),
  ];
}

/** All doors of the policies. */
export function doorsOf(all: readonly Manifest[]): Doors {
  const doors = ofKind(all, 'NetworkPolicy').flatMap(doorsOfPolicy);
  const ours = doors.filter(({ between }) => between === 'ours');
  const onSide = (wanted: Door['side']): Set<Edge> =>
    new Set(ours.filter(({ side }) => side === wanted).map(({ edge }) => edge));
  const [ingress, egress] = [onSide('ingress'), onSide('egress')];
  const others = doors.filter(({ between }) => between === 'others').map(({ edge }) => edge);
  return {
    open: new Set([...others, ...[...ingress].filter((edge) => egress.has(edge))]),
    half: new Set([...ingress, ...egress].filter((edge) => !ingress.has(edge) || !egress.has(edge))),
  };
}

/** The edges of a reviewed file. */
export function reviewedEdges(component: string): Edge[] {
  const text = fs.readFileSync(path.join(components, component, 'edges.yaml'), 'utf8');
  const file = parse(text) as Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  return Object.entries(file).flatMap(([from, targets]) =>
    Object.entries(targets).flatMap(([to, ports]) => ports.map((port) => `${from}>${to}:${port}`)),
  );
}

export const edges: Policy = {
  name: 'edges',
  check: (all) => {
    const sandbox = workloadsOf(all).some(({ name }) => name === 'sandbox');
    const reviewed = new Set([
      ...reviewedEdges('network-policies'),
      ...(sandbox ? reviewedEdges('sandbox') : []),
    ]);
    const { open, half } = doorsOf(all);
    return [
      ...[...open]
        .filter((edge) => !reviewed.has(edge))
        .map((edge) => `${edge} is open, and nobody reviewed it`),
      ...[...reviewed].filter((edge) => !open.has(edge)).map((edge) => `${edge} is reviewed, and not open`),
      ...[...half].map((edge) => `${edge} is open on one side only`),
    ];
  },
};

export const defaultDeny: Policy = {
  name: 'default-deny',
  check: (all) => {
    const policies = ofKind(all, 'NetworkPolicy').map((manifest) => specOf<NetworkPolicySpec>(manifest));
    const denies = policies.some(
      ({ podSelector, policyTypes = [], ingress, egress }) =>
        Object.keys(podSelector.matchLabels ?? {}).length === 0 &&
        ['Ingress', 'Egress'].every((type) => policyTypes.includes(type)) &&
        !ingress &&
        !egress,
    );
    const alone = workloadsOf(all).filter(
      ({ labels }) =>
        !policies.some(({ podSelector: { matchLabels: labelsOf } }) => labelsOf && selects(labelsOf, labels)),
    );
    return [
      ...(denies ? [] : ['nothing denies all that is not allowed']),
      ...alone.map(({ kind, name }) => `${kind} ${name} has no network policy of its own`),
    ];
  },
};
