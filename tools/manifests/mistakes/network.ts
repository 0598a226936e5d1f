// Doors that should be closed, and ways in that lead nowhere.
import { app, append, drop, remove, set, type Mistake } from './plant.js';

export const inNetwork: readonly Mistake[] = [
  { says: 'no default deny', foundBy: 'default-deny', plant: drop('NetworkPolicy', 'default-deny') },
  { says: 'an app without a policy', foundBy: 'default-deny', plant: drop('NetworkPolicy', 'scheduling') },
  {
    says: "a door to another app's database",
    foundBy: 'edges',
    plant: append('NetworkPolicy', 'booking', 'spec.egress', {
      to: [{ podSelector: { matchLabels: { 'cnpg.io/cluster': 'payments-db' } } }],
      ports: [{ protocol: 'TCP', port: 5432 }],
    }),
  },
  {
    says: 'booking may speak to the world',
    foundBy: 'edges',
    plant: append('NetworkPolicy', 'booking', 'spec.egress', { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }),
  },
  {
    says: 'the world may speak to booking',
    foundBy: 'edges',
    plant: append('NetworkPolicy', 'booking', 'spec.ingress', { ports: [{ protocol: 'TCP', port: 8080 }] }),
  },
  {
    says: 'the whole machine room through the door to vendors',
    foundBy: 'edges',
    plant: remove('NetworkPolicy', 'payments', 'spec.egress.3.to.0.ipBlock.except'),
  },
  {
    says: 'subscriptions that end after a minute',
    foundBy: 'routes',
    plant: set('HTTPRoute', 'graph', 'spec.rules.0.timeouts.request', '60s'),
  },
  {
    says: 'webhooks without an end',
    foundBy: 'routes',
    plant: set('HTTPRoute', 'webhooks', 'spec.rules.0.timeouts.request', '0s'),
  },
  {
    says: 'figures and probes shown to the world',
    foundBy: 'routes',
    plant: set('HTTPRoute', 'graph', 'spec.rules.0.matches.0.path', { type: 'PathPrefix', value: '/' }),
  },
  { says: 'no TLS', foundBy: 'tls', plant: set('Gateway', 'caregraph', 'spec.listeners.0.protocol', 'HTTP') },
  {
    says: 'a service that leads nowhere',
    foundBy: 'references',
    plant: set('Service', 'payments', 'spec.selector', { 'app.kubernetes.io/name': 'payment' }),
  },
  {
    says: 'a variable from a ConfigMap that is not there',
    foundBy: 'references',
    plant: append('Deployment', 'platform', `${app}.env`, {
      name: 'SESSION_MAX_HOURS',
      valueFrom: { configMapKeyRef: { name: 'sessions', key: 'hours' } },
    }),
  },
];
