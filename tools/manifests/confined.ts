// Runs a program as a container would: its own root, which cannot be written to, nothing in it but the image, Node and
// the system's libraries, a /tmp, mounted secrets, and a user who owns nothing. Linux, as root.
import { spawn, type ChildProcess } from 'node:child_process';

export interface Confined {
  /** The contents of the image, seen as /app. */
  readonly image: string;
  /** A folder of secrets, seen as /run/secrets/caregraph. */
  readonly secrets: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A namespace of mounts of its own: nothing of this is seen by anybody else, and all of it ends with the process. */
const script = `
set -e
mount --make-rprivate /
R=/mnt
mount -t tmpfs -o size=1m,mode=755 root $R
mkdir -p $R/app $R/tmp $R/proc $R/dev $R/etc $R/usr $R/run/secrets/caregraph $R/node
mount --bind "$IMAGE" $R/app
mount -o remount,bind,ro $R/app
mount --bind "$SECRETS" $R/run/secrets/caregraph
mount -o remount,bind,ro $R/run/secrets/caregraph
mount --bind "$NODE" $R/node
mount -o remount,bind,ro $R/node
mount --bind /usr $R/usr
mount -o remount,bind,ro $R/usr
for link in bin lib lib64; do ln -s usr/$link $R/$link; done
mount --bind /proc $R/proc
mount --bind /dev $R/dev
cp /etc/hosts /etc/nsswitch.conf $R/etc/
mount -t tmpfs -o size=64m,mode=1777 tmp $R/tmp
mount -o remount,ro $R
exec chroot --userspec="$RUN_AS" $R /usr/bin/env -i -C /app PATH=/node "$@"
`;

/** Starts it; the process that is returned is the program itself, so that a signal reaches it. */
export function startConfined({ image, secrets, user, command, env }: Confined): ChildProcess {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', ...variables, ...command], {
    env: {
      PATH: process.env.PATH ?? '',
      IMAGE: image,
      SECRETS: secrets,
      NODE: process.execPath.replace(/\/node$/, ''),
      RUN_AS: user,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Resolves when the process has ended, with all that it wrote. */
export function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}
