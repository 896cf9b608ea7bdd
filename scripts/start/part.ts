import type { KeptAlive } from './keep-alive.ts';
import type { StartSettings } from './settings.ts';
import type { Processes } from './survivors.ts';

/** Something that the services need, given or started by us. */
export interface Part {
  readonly url: string;
  readonly what: string;
  /** Ours to stop, when it is there. */
  readonly server?: KeptAlive;
}

export interface PartOptions {
  readonly settings: StartSettings;
  readonly folder: string;
  readonly processes: Processes;
  readonly say: (line: string) => void;
}
