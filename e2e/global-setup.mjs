import { tsImport } from 'tsx/esm/api';

/**
 * The stories run against a stack of their own, in a temporary folder, or against the one that CAREGRAPH_STACK_FILE
 * names. They read its file; they never touch the stack of `npm start`.
 */
export default async function setup() {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  if (process.env.CAREGRAPH_STACK_FILE) return;
  const { startTemporaryStack } = await tsImport('../tools/stack/temporary-stack.ts', import.meta.url);
  const stack = await startTemporaryStack();
  globalThis.__caregraphStack = stack;
  process.env.CAREGRAPH_STACK_FILE = stack.file;
}
