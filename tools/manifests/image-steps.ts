// Takes the steps of the Dockerfile's build stage one by one in a clean folder: copies what the context allows, runs
// what it runs. There is no container engine in the suite; what the image will contain is the same.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseDockerfile, textsOf, type Stage } from './dockerfile.js';
import { run } from './install.js';

const root = path.resolve(import.meta.dirname, '../..');

const dockerfile = (app: string): [Stage, Stage] => {
  const [build, final] = parseDockerfile(fs.readFileSync(path.join(root, 'Dockerfile'), 'utf8'), {
    APP: app,
  });
  if (!build || !final) throw new Error('The Dockerfile must have two stages.');
  return [build, final];
};

/** What .dockerignore leaves out of the folders that it lets in. */
const isInContext = (file: string): boolean =>
  !/(^|\/)(node_modules|dist)(\/|$)|\.spec\.ts$|(^|\/)\.env|\.log$/.test(path.relative(root, file));

function copyInto(folder: string, text: string): void {
  const words = text.split(' ');
  const target = path.join(folder, words.pop() ?? '');
  for (const source of words) {
    const from = path.join(root, source);
    const to = text.endsWith('/') ? path.join(target, path.basename(source)) : target;
    fs.cpSync(from, to, { recursive: true, filter: isInContext });
  }
}

const variablesOf = (stage: Stage): Record<string, string> =>
  Object.fromEntries(
    textsOf(stage, 'ENV').flatMap((text) =>
      [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value] as const),
    ),
  );

export interface BuiltImages {
  /** The contents of an app's image. */
  readonly contentsOf: (app: string) => string;
  readonly remove: () => void;
}

/** Builds the images' contents. The steps before the app is named are the same for all, and are taken once. */
export function buildImages(apps: readonly string[], say: (line: string) => void): BuiltImages {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caregraph-image-'));
  const inFolder = (stage: Stage, command: string): void => {
    say(`  ${command}`);
    const env = {
      ...variablesOf(stage),
      // The image has Node 24 by itself, and an empty home.
      PATH: `${path.dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      npm_config_loglevel: 'error',
    };
    run('sh', ['-c', command], env, folder);
  };
  for (const [index, app] of apps.entries()) {
    const [build] = dockerfile(app);
    const named = build.instructions.findIndex(({ name }) => name === 'ARG');
    for (const { name, text } of index === 0 ? build.instructions : build.instructions.slice(named)) {
      if (name === 'COPY') copyInto(folder, text);
      if (name === 'RUN') inFolder(build, text);
    }
  }
  // Whoever runs in it is nobody to whom the folder of somebody's temporary files is open.
  fs.chmodSync(folder, 0o755);
  return {
    contentsOf: (app) => {
      const [copied = ''] = textsOf(dockerfile(app)[1], 'COPY');
      const [, source = ''] = /--from=build \/src\/(\S+)/.exec(copied) ?? [];
      return path.join(folder, source);
    },
    remove: () => {
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the image says about the process: its user, its command, its variables, how it is asked after. */
export function settingsOf(app: string): {
  user: string;
  command: readonly string[];
  healthCommand: readonly string[];
  variables: Record<string, string>;
} {
  const [, final] = dockerfile(app);
  const wordsOf = (name: string): string[] => {
    const [text = ''] = textsOf(final, name);
    return JSON.parse(text.slice(text.indexOf('['))) as string[];
  };
  return {
    user: textsOf(final, 'USER')[0] ?? '',
    command: wordsOf('CMD'),
    healthCommand: wordsOf('HEALTHCHECK'),
    variables: variablesOf(final),
  };
}
