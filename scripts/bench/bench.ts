import { join } from 'node:path';

export interface BenchOptions {
  readonly root: string;
  /** Our own processes write a CPU profile each. */
  readonly isProfiled: boolean;
  /** What else was said on the command line, of what the bench knows. */
  readonly flags: ReadonlySet<string>;
}

export type Bench = (options: BenchOptions) => Promise<void>;

/** Where the built services stand. */
export function distOf({ root }: BenchOptions): string {
  return join(root, 'dist');
}
