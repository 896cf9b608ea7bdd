/** A program of a user, as the runner gets it. */
export type CodeJob = {
  readonly kind: 'code';
  readonly program: ScriptProgram | ShellProgram | ProcessProgram;
  readonly network: 'none' | 'full';
  readonly attempt: AttemptFacts;
  /** In megabytes; the program's own runtime is told, so that it collects its garbage in time. */
  readonly heapMb: number;
  /** What it may write of its log before the rest is only counted. */
  readonly log: { readonly lines: number; readonly bytes: number };
};

export interface ScriptProgram {
  readonly kind: 'script';
  readonly script: string;
  readonly language: 'javascript' | 'typescript';
  readonly params: Readonly<Record<string, unknown>>;
}

export interface ShellProgram {
  readonly kind: 'shell';
  readonly script: string;
  readonly shell: 'sh' | 'bash';
  readonly env: Readonly<Record<string, string>>;
}

/** A step of a workflow: how it ended and what it printed is its result, whatever the code. */
export interface ProcessProgram {
  readonly kind: 'process';
  readonly interpreter: 'node' | 'sh';
  readonly text: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
}

/** What a program is told of its attempt. */
export interface AttemptFacts {
  readonly executionId: string;
  readonly attempt: number;
  /** For targets that can tell a repeated request from a new one. */
  readonly idempotencyKey: string;
}
