import type { StreamName } from '#libs/contracts';
import type { Recorded } from './recorded.js';

/** One stream of one projection: what is read, and under which name its position is kept. */
export interface ConsumerRow {
  readonly name: string;
  readonly version: number;
  readonly stream: StreamName;
  /** Left out: the whole stream. */
  readonly subjects?: readonly string[];
}

/** Where the effect of commits is stored, together with the position. */
export interface Sink {
  /** Last sequence whose effect is stored; 0 at the beginning. */
  position(): Promise<number>;
  /**
   * Stores the effect of the batch and the position, both or none, and gives the stored position.
   * What is at or before the stored position changes nothing. `after` is the position from which
   * the batch was read: when the stored one lies before it, nothing may be written.
   */
  write(batch: readonly Recorded[], after: number): Promise<number>;
  /** Whether an error says that no retry will help. */
  isPoison(error: unknown): boolean;
}
