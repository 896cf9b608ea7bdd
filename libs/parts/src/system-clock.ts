import { type Clock, SystemClock } from '#libs/clock';

/** Starting processes is work on the real machine: there is no other clock for it. */
export const systemClock: Clock = new SystemClock();
