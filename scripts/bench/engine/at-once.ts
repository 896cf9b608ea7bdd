// Many at once on few cores: whether the worker still beats, and how long anybody has to wait.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { task as t } from '#libs/contracts';
import { findChromium } from '#libs/parts';
import { createTask, define, noopTask, type Services } from '#libs/rig';
import type { BenchOptions } from '../bench.ts';
import { figuresOf, ms } from '../figures.ts';
import { say, sayTable } from '../say.ts';
import { askAtOnce } from './ask.ts';
import { watchHeartbeats } from './heartbeats.ts';
import { markOf, untilFinished } from './read-log.ts';
import { costsBetween, type System, withSystem } from './system.ts';

const SYSTEM_AT_ONCE = 100;
/** Each waits this long, so that all of them are there at the same time. */
const SYSTEM_MS = 3_000;
const BROWSERS_AT_ONCE = 10;
const BROWSER_TIMEOUT_MS = 120_000;
/** How long a worker may be silent before a dispatcher takes it for lost. */
const SILENCE_MS = 4_000;

export async function measureAtOnce(options: BenchOptions): Promise<void> {
  say(`\nAt once    on one worker with as many slots, all asked for in one instant`);
  const rows = [['', 'wait p50', 'wait p99', 'most at once', 'silence', 'all done', 'CPU']];
  const system = { systemSlots: SYSTEM_AT_ONCE, browserSlots: 0 };
  rows.push(await withSystem(options, system, systemTasks));
  if (findChromium(process.env) === undefined) say('No Chromium here: browsers are left out.');
  else {
    const browsers = { systemSlots: 0, browserSlots: BROWSERS_AT_ONCE };
    rows.push(await withSystem(options, browsers, browserTasks));
  }
  sayTable(rows);
  say(`(silence: the longest between two beats; a worker silent for ${ms(SILENCE_MS)} is lost)`);
}

async function systemTasks(system: System): Promise<string[]> {
  const { nc } = system.services;
  const taskId = await createTask(nc, noopTask({ schedules: [] }, SYSTEM_MS));
  return row(`${SYSTEM_AT_ONCE} noop of 3 s`, system, taskId, SYSTEM_AT_ONCE);
}

async function browserTasks(system: System): Promise<string[]> {
  const shop = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Shop</title><button id="buy">Buy</button>');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = shop.address() as AddressInfo;
    const taskId = await browserTask(system.services, `http://127.0.0.1:${port}/`);
    return await row(`${BROWSERS_AT_ONCE} Chromium`, system, taskId, BROWSERS_AT_ONCE);
  } finally {
    shop.closeAllConnections();
    shop.close();
  }
}

async function browserTask({ nc }: Services, url: string): Promise<string> {
  const steps = [
    { type: 'navigate', url },
    { type: 'click', selectors: ['#buy'], offsetX: 1, offsetY: 1 },
  ];
  const flowJson = JSON.stringify({ title: 'shop', timeout: 60_000, steps });
  const automationId = await define(nc, {
    case: 'saveAutomation',
    value: { name: 'shop', flowJson },
  });
  return createTask(
    nc,
    noopTask({
      type: t.TaskType.BROWSER_AUTOMATION,
      target: { automationId },
      parametersJson: '{}',
      settings: {
        timeoutMs: BROWSER_TIMEOUT_MS,
        retryPolicy: { maxRetries: 0, initialDelayMs: 1, backoffMultiplier: 1, maxDelayMs: 1 },
      },
      schedules: [],
    }),
  );
}

async function row(name: string, system: System, taskId: string, count: number) {
  const { services } = system;
  const watch = watchHeartbeats(services);
  const [mark, before] = [await markOf(services), system.costs()];
  const { executionIds } = await askAtOnce(services, taskId, count);
  const lived = await untilFinished(services, mark, new Set(executionIds));
  const { largestGapMs } = watch.stop();
  const waits = executionIds.map(
    (id) => (lived.startedMs.get(id) ?? Number.NaN) - (lived.requestedMs.get(id) ?? 0),
  );
  const { p50, p99 } = figuresOf(waits);
  const firstMs = Math.min(...lived.requestedMs.values());
  const cpuMs = costsBetween(before, system.costs()).reduce((sum, one) => sum + one.cpuMs, 0);
  return [
    name,
    ...[ms(p50), ms(p99), String(lived.mostAtOnce), ms(largestGapMs)],
    ...[ms(lived.finishedMs - firstMs), `${(cpuMs / 1_000).toFixed(1)} s`],
  ];
}
