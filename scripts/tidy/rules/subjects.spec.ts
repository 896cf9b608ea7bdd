import { expect, test } from '@jest/globals';
import { repositoryOf } from '../spec.ts';
import { subjectsOnPages } from './subjects.ts';

const spelled = [
  'export const subjects = {',
  '  tick: (shard: number) => `tick.$' + '{shard}`,',
  '  definitionsOfKind: (kind: string) => `definition.*.$' + '{kind}.*`,',
  "  heartbeat: 'worker.heartbeat',",
  '  leaseBeat: (lease: string) => `lease.$' + '{lease}.beat`,',
  '};',
].join('\n');

const remedies = (page: string, code: string) =>
  [
    ...subjectsOnPages.check(
      repositoryOf({
        'libs/contracts/src/subjects.ts': spelled,
        'libs/leadership/src/kv-elector.ts': 'nc.subscribe(subjects.leaseBeat(lease));',
        'services/ticker/README.md': page,
        'services/ticker/src/tick-loop.ts': code,
      }),
    ),
  ].map(({ remedy }) => remedy);

test('catches a subject that the code uses and the page does not name', () => {
  expect(remedies('Owns `TICKS`.', 'append(subjects.tick(shard));')).toEqual([
    'name `tick.<shard>`, which the code uses',
  ]);
});

test('catches a subject on the page that the code does not use', () => {
  expect(remedies('Owns `tick.<shard>`, hears `worker.heartbeat`.', 'subjects.tick(1);')).toEqual([
    '`worker.heartbeat` is not used by the code: take it out',
  ]);
});

test('knows a subject by its form, and those that a lib uses for the service', () => {
  const page =
    'Owns `tick.<shard>`, reads `definition.*.task.*`, hears `lease.ticker.<shard>.beat`.';
  const code = [
    "import { KvElector } from '#libs/leadership';",
    "subjects.tick(1); subjects.definitionsOfKind('task');",
  ].join('\n');
  expect(remedies(page, code)).toEqual([]);
});

test('takes names of types and files for what they are', () => {
  const page = 'Owns `tick.<shard>` with `tick.v1.SlotsDecided`, see `tick.md` and `worker.ts`.';
  expect(remedies(page, 'subjects.tick(1);')).toEqual([]);
});
