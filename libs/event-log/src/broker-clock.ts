import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Clock, type ClockVerdict, WitnessedClock } from '#libs/clock';
import type { StreamName } from '#libs/contracts';

/** An answer that took longer says too little about now. */
const ANSWER_MS = 1_000;

export interface BrokerClockOptions {
  readonly nc: NatsConnection;
  /** The machine's. */
  readonly clock: Clock;
  /** Whose leader is asked: the stream that the decisions go to, and which stamps them. */
  readonly stream: StreamName;
  /** What all clocks of the system are set ahead. */
  readonly offsetMs: number;
  readonly onVerdict: (verdict: ClockVerdict, offMs: number) => void;
}

/** A clock that believes a step of its machine only when the broker's time confirms it. */
export async function clockWitnessedByBroker(options: BrokerClockOptions): Promise<WitnessedClock> {
  const { nc, clock, stream, offsetMs, onVerdict } = options;
  const manager = await jetstreamManager(nc, { checkAPI: false, timeout: ANSWER_MS });
  // On its way the answer has grown a little older, so it is never ahead of the broker's time.
  const witness = async () => {
    // The client's type leaves it out; servers since 2.10 tell it.
    const { ts } = (await manager.streams.info(stream)) as { ts?: string };
    const time = Date.parse(ts ?? '');
    if (Number.isNaN(time)) throw new Error('the broker does not tell its time');
    return time + offsetMs;
  };
  const witnessed = new WitnessedClock({ clock, witness, onVerdict });
  await witnessed.start();
  return witnessed;
}
