/** A part of Carillon can't be had on this machine. The message is the sentence to show. */
export class PartMissing extends Error {
  readonly code = 'part-missing';
  readonly part: 'nats-server' | 'postgres';

  constructor(part: 'nats-server' | 'postgres', message: string) {
    super(message);
    this.part = part;
  }
}

/** A part is there but did not come up. The message ends with its own last words. */
export class PartFailed extends Error {
  readonly code = 'part-failed';
}
