// The key that the gateway signs viewers with, for forgeries that go as far as they can.
import path from 'node:path';
import type { ViewerKey } from '@caregraph/runtime';
import { readRing, rings } from '../../tools/stack/rings.js';

/** The key that the gateway signs with for the subgraph: `kid:secret`, first of the ring. */
export function viewerKeyOf(app: string): ViewerKey {
  const name = `viewer-${app}`;
  const ring = rings.find((one) => one.name === name);
  if (!ring) throw new Error(`There is no ring ${name}.`);
  const [key] = readRing(path.dirname(process.env.CAREGRAPH_STACK_FILE ?? ''), ring);
  const [kid = '', secret = ''] = (key?.[name] ?? '').split(':');
  return { kid, secret };
}
