/** What an install depends on, as a hash. */
export function fingerprint(root: string, nodeMajor?: number): string;
/** Why the dependencies must be installed (again), or null when they are as the lock file says. */
export function reasonToInstall(root: string): string | null;
/** Writes down that node_modules is what the lock file says. */
export function writeStamp(root: string): void;
