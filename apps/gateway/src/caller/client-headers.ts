// What a client says of itself: which one it is, how old, and in which time zone its user looks at the clock (GW-001).
import type { IncomingHttpHeaders } from 'node:http';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { badInput } from '@caregraph/subgraph';

type Version = readonly number[];

/** Up to three numbers; what is left out is 0. A suffix such as `-beta` does not count. */
function versionOf(text: string): Version | undefined {
  const found = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:[-+][\w.+-]*)?$/.exec(text.trim());
  return found?.slice(1, 4).map((part) => Number((part as string | undefined) ?? 0));
}

/** `web=1.2.0,ios=3.0.0`: the oldest version of each client that is still served. */
export const minimumVersions = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(',').map((entry) => entry.trim());
    const minimums = new Map<string, string>();
    for (const entry of entries.filter((known) => known !== '')) {
      const [name = '', version = ''] = entry.split('=');
      if (!/^[\w.-]{1,64}$/.test(name) || !versionOf(version)) {
        context.addIssue({ code: 'custom', message: 'must be client=version[,client=version]' });
        return z.NEVER;
      }
      minimums.set(name, version);
    }
    return minimums;
  });

/** Throws BAD_USER_INPUT, over HTTP 426, for a client that must be brought up to date. */
export function demandVersion(headers: IncomingHttpHeaders, minimums: ReadonlyMap<string, string>): void {
  const name = textOf(headers['x-client-name']);
  const minimum = minimums.get(name ?? '');
  if (minimum === undefined) return;
  const version = versionOf(textOf(headers['x-client-version']) ?? '');
  if (version && !isBefore(version, versionOf(minimum) ?? [])) return;
  const message = `must be at least ${minimum}`;
  throw new GraphQLError(`X-Client-Version: ${message}`, {
    extensions: {
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'X-Client-Version', message }],
      http: { status: 426 },
    },
  });
}

/**
 * By the name as clients write it. To ask the runtime takes tens of microseconds, which is more than all else about a
 * request's headers together. There are some 600 names, but in capitals or not as one likes: hence the bound.
 */
const knownZones = new Map<string, string>();
const mostZones = 1_000;

/** The IANA zone that the client names; throws BAD_USER_INPUT for a name of none. */
export function timeZoneOf(headers: IncomingHttpHeaders): string | undefined {
  const named = textOf(headers['x-timezone']);
  if (named === undefined) return undefined;
  const zone = knownZones.get(named) ?? zoneNamed(named);
  if (zone === undefined) throw badInput({ field: 'X-Timezone', message: 'is no IANA time zone' });
  // What is asked for again stays; what was not asked for longest goes.
  knownZones.delete(named);
  knownZones.set(named, zone);
  const [oldest] = knownZones.keys();
  if (knownZones.size > mostZones && oldest !== undefined) knownZones.delete(oldest);
  return zone;
}

function zoneNamed(name: string): string | undefined {
  // An offset is no zone.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

const isBefore = (version: Version, minimum: Version): boolean => {
  const at = minimum.findIndex((part, index) => part !== version[index]);
  return at >= 0 && (version[at] ?? 0) < (minimum[at] ?? 0);
};

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
