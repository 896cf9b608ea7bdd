import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { findBubblewrap } from '#libs/parts';
import { eventually } from '#libs/testing';
import { finderEnvironment } from '../config.js';
import { ProgramBench } from '../testing/run-programs.js';
import { SandboxMissing } from './isolation.js';

const WITHOUT = { PATH: '/nowhere', CARILLON_BWRAP: '/nowhere/bwrap' };

test('a worker of which a sandbox is required does not start without, and says what to do', async () => {
  await expect(ProgramBench.open('require', WITHOUT)).rejects.toThrow(SandboxMissing);
  await expect(ProgramBench.open('require', WITHOUT)).rejects.toThrow(/Install bubblewrap/);
});

test('without a sandbox there are limits, and what is missing is said', async () => {
  const bench = await ProgramBench.open('auto', WITHOUT);
  expect(bench.isolation).toMatchObject({
    tier: 'limits',
    lacks: expect.stringContaining('a sandbox (/nowhere/bwrap does not run)'),
  });
  // Root's programs would have the whole machine.
  if (process.getuid?.() === 0) expect((await bench.shell('id').end).code).toBe('SANDBOX_MISSING');
  expect(await bench.folders()).toEqual([]);
  await bench.close();
});

test('switched off, programs run as the worker itself', async () => {
  const bench = await ProgramBench.open('off');
  expect((await bench.shell('echo here').end).output).toEqual({ lastLine: 'here' });
  await bench.close();
});

test('as good as this machine can is a sandbox, where bubblewrap can be had', async () => {
  const found = await findBubblewrap(finderEnvironment());
  const bench = await ProgramBench.open('auto');
  const { tier, lacks } = bench.isolation;
  await bench.close();
  expect({ tier, lacks }).toEqual(
    typeof found === 'string'
      ? { tier: 'limits', lacks: expect.stringContaining(found) }
      : { tier: 'sandbox', lacks: expect.not.stringContaining('a sandbox') },
  );
}, 60_000);

test('what a worker that was killed left in its control groups is ended by the next', async () => {
  const dead = await ProgramBench.open('auto', WITHOUT);
  const { groups } = dead.isolation;
  if (groups === undefined) {
    await dead.close();
    return;
  }
  const limits = { cpuSeconds: 9, memoryMb: 128, diskMb: 1, processes: 48 };
  const hold = dead.isolation.hold('000000001', { kind: 'flow', limits, network: 'full' });
  const [command = '', ...args] = hold.wrap(['/bin/sleep', '300']);
  const left = spawn(command, args, { stdio: 'ignore', env: {}, detached: true });
  const ended = once(left, 'exit');
  await eventually(() => hold.group?.freezeNumber().includes(left.pid ?? 0) === true);
  // Its folder goes as that of a killed worker goes: by the sweep, which can't know this process.
  await dead.scratch.remove();
  const next = await ProgramBench.open('auto', WITHOUT, dead.dataDir);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(groups.workers()).toEqual([]);
  await next.close();
  await dead.close();
});
