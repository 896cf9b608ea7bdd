// The engine beside its peers: no-op jobs from accepted to finished, and from accepted to started.
import type { Bench } from '../bench.ts';
import { ms } from '../figures.ts';
import { say, sayTable } from '../say.ts';
import { measureAtOnce } from './at-once.ts';
import { CONCURRENCY, JOBS, PER_SECOND, type Result, STEADY_SECONDS } from './measured.ts';
import { measureOurs } from './ours.ts';
import { measurePeers } from './peers.ts';

const PARTS = ['--throughput', '--latency', '--at-once'];

export const engine: Bench = async (options) => {
  const { flags } = options;
  const isWhole = !PARTS.some((part) => flags.has(part));
  const wants = {
    throughput: isWhole || flags.has('--throughput'),
    latency: isWhole || flags.has('--latency'),
  };
  const hasOurs = flags.has('--ours') || !flags.has('--peers');
  const hasPeers = flags.has('--peers') || !flags.has('--ours');
  const results: Result[] = [];
  if (wants.throughput || wants.latency) {
    if (hasOurs) results.push(await measureOurs(options, wants));
    if (hasPeers) results.push(...(await measurePeers(options, wants)));
    if (wants.throughput) sayThroughput(results);
    if (wants.latency) sayLatency(results);
  }
  if (hasOurs && (isWhole || flags.has('--at-once'))) await measureAtOnce(options);
};

function sayThroughput(results: readonly Result[]): void {
  const ours = results.find(({ name }) => name === 'Carillon')?.throughput;
  say(`\nThroughput ${JOBS} jobs that do nothing, one worker process, ${CONCURRENCY} at a time;`);
  say('           flow: a call for each job while it works, first accepted to last finished;');
  say(
    '           drain: all there before it begins (peers: in batches), first started to last finished',
  );
  sayTable([
    ['jobs a second', 'flow', 'ours is', 'drain', 'ours is', 'CPU a job', 'leaves behind'],
    ...results.flatMap(({ name, throughput }) => {
      if (!throughput) return [];
      const { flowPerSecond, drainPerSecond, costs, leaves } = throughput;
      const cpuMs = costs.reduce((sum, one) => sum + one.cpuMs, 0);
      return [
        [
          ...[name, rate(flowPerSecond), ratio(ours?.flowPerSecond, flowPerSecond)],
          ...[rate(drainPerSecond), ratio(ours?.drainPerSecond, drainPerSecond)],
          ...[`${(cpuMs / JOBS).toFixed(2)} ms`, leaves],
        ],
      ];
    }),
  ]);
  say('\nCPU of the flow, by process');
  for (const { name, throughput } of results)
    if (throughput)
      say(
        `${name}: ${throughput.costs
          .map((one) => `${one.name} ${(one.cpuMs / 1_000).toFixed(1)} s`)
          .join(', ')}`,
      );
}

function sayLatency(results: readonly Result[]): void {
  const ours = results.find(({ name }) => name === 'Carillon')?.latency;
  say(`\nLatency    ${PER_SECOND} a second for ${STEADY_SECONDS} s, from accepted to started`);
  sayTable([
    ['', 'p50', 'p99', 'ours is', 'from asked, p99'],
    ...results.flatMap(({ name, latency }) =>
      latency
        ? [
            [
              ...[name, ms(latency.p50), ms(latency.p99), ratio(ours?.p99, latency.p99)],
              ms(latency.askedP99),
            ],
          ]
        : [],
    ),
  ]);
}

const rate = (perSecond: number) => String(Math.round(perSecond));

/** Ours, as a multiple of theirs. */
function ratio(ours: number | undefined, theirs: number): string {
  return ours === undefined ? '' : `${(ours / theirs).toFixed(2)} x`;
}
