import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../say.ts';

/** Of each process. */
const FUNCTIONS_SAID = 8;
const IDLE = new Set(['(idle)', '(program)', '(root)']);

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Where each of the processes was busy by itself, from the profile that it wrote at its end. */
export function sayProfiles(
  folder: string,
  processes: readonly { readonly service: string; readonly pid: number }[],
): void {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  for (const { service, pid } of processes) {
    const file = files.find((name) => name.split('.')[3] === String(pid));
    if (file === undefined) continue;
    say(`\n${service} (${file})`);
    for (const line of topOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile))
      say(`  ${line}`);
  }
}

function topOf({ nodes, samples, timeDeltas }: Profile): string[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const selfUs = new Map<string, number>();
  let busyUs = 0;
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    const us = timeDeltas[index] ?? 0;
    if (IDLE.has(name)) continue;
    busyUs += us;
    selfUs.set(name, (selfUs.get(name) ?? 0) + us);
  }
  return [...selfUs]
    .sort(([, one], [, other]) => other - one)
    .slice(0, FUNCTIONS_SAID)
    .map(([name, us]) => `${((us / busyUs) * 100).toFixed(1).padStart(5)} %  ${name}`);
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const place = url.replace(/^.*\/(node_modules|dist)\//, '');
  return `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`;
}
