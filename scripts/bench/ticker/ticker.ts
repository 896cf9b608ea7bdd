import type { Bench } from '../bench.ts';
import { figuresOf, ms } from '../figures.ts';
import { say, sayTable } from '../say.ts';
import { CONCURRENCY, HERD } from './herd.ts';
import { measureHerdToStart } from './herd-to-start.ts';
import { measureMillion } from './million.ts';
import { measurePeers } from './peers.ts';

/** Schedules by the million, herds, and the same herd with peers on the same machine. */
export const ticker: Bench = async (options) => {
  await measureMillion(options);
  const { decidedMs, startedMs, endedMs } = await measureHerdToStart(options);
  const peers = await measurePeers(options);
  const row = (name: string, values: readonly number[]) => {
    const { p50, p99, max } = figuresOf(values);
    return [name, ms(p50), ms(p99), ms(max)];
  };
  say(`\nPeers      ${HERD} schedules due in one instant, a no-op each,`);
  say(`           one worker process with ${CONCURRENCY} jobs at a time`);
  sayTable([
    ['from the instant on', 'p50', 'p99', 'last'],
    row('Carillon: decided, with its history', decidedMs),
    row('Carillon: started, in a child process', startedMs),
    row('Carillon: ended', endedMs),
    ...peers.map(({ name, lateMs }) => row(`${name}: started`, lateMs)),
  ]);
};
