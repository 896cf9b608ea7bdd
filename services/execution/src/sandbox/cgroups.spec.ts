import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { secondVersion } from './cgroups.js';

/** The files of version 2 in a plain folder: what is written where. The kernel's part is not here. */
let own: string;
beforeEach(() => {
  own = mkdtempSync(join(tmpdir(), 'carillon-cgroup-'));
});
afterEach(() => rmSync(own, { recursive: true }));

const LIMITS = { cpuSeconds: 9, memoryMb: 128, extraMemoryMb: 16, diskMb: 16, processes: 50 };

test('a group of version 2 has its bounds before anybody is in it, and tells what was used', () => {
  writeFileSync(join(own, 'cgroup.controllers'), 'cpuset cpu io memory pids\n');
  const groups = secondVersion(own, 'family');
  if (typeof groups === 'string') throw new Error(groups);
  const group = groups.open('worker/1', LIMITS);
  const folder = join(own, 'family', 'worker', '1');
  const written = (file: string) => readFileSync(join(folder, file), 'utf8');
  expect(written('memory.max')).toBe(String(144 * 1024 * 1024));
  expect(written('pids.max')).toBe('50');
  expect(group.entrances).toEqual([join(folder, 'cgroup.procs')]);
  expect(readFileSync(join(own, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +pids +cpu');
  writeFileSync(join(folder, 'cpu.stat'), 'usage_usec 2500\nuser_usec 2000\n');
  writeFileSync(join(folder, 'memory.peak'), '4096\n');
  writeFileSync(join(folder, 'memory.events'), 'low 0\noom 1\noom_kill 2\noom_group_kill 0\n');
  writeFileSync(join(folder, 'pids.events'), 'max 3\n');
  writeFileSync(join(folder, 'cgroup.procs'), '17\n18\n');
  expect(group.use()).toEqual({
    cpuMs: 2.5,
    peakMemoryBytes: 4_096,
    memoryKills: 2,
    refusedProcesses: 3,
  });
  expect(group.freezeNumber()).toEqual([17, 18]);
  expect(written('pids.max')).toBe('0');
  expect(groups.workers()).toEqual(['worker']);
  expect(groups.leftOf('worker')).toEqual([17, 18]);
});

test('a group without the controllers is told by what it lacks', () => {
  writeFileSync(join(own, 'cgroup.controllers'), 'hugetlb\n');
  expect(secondVersion(own, 'family')).toBe('cgroup2 does not offer memory, pids, cpu here');
});
