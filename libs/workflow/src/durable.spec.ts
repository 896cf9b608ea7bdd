import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { advance, cutBefore } from './advance.js';
import type { HistoryEvent } from './history.js';
import { JqThread } from './jq.js';
import type { Json } from './json.js';
import { WORKFLOW_LIMITS } from './limits.js';
import { type Answering, httpAnswer, jq, T0, World } from './testing/world.js';

afterAll(() => jq[Symbol.asyncDispose]());

const MINUTE = 60_000;
const http = (path: string) =>
  `{ call: http, with: { method: get, endpoint: 'https://x.test/${path}' } }`;
const answering: Answering = (call) =>
  call.kind === 'http' ? httpAnswer(new URL(call.uri).pathname) : null;
const down = { fails: { type: 'https://x.test/down', status: 503 } };

describe('a step', () => {
  test('is asked for until its result is recorded, and then never again', () => {
    const world = new World(`do: [{ a: ${http('a')} }, { b: ${http('b')} }]`, {
      answer: answering,
    });
    expect(world.look().commands).toEqual(world.look().commands);
    expect(world.look().commands).toMatchObject([
      { step: { path: '/do/0/a' }, idempotencyKey: 'e1:/do/0/a', isRepeated: false },
    ]);
    world.step();
    expect(world.look().commands).toMatchObject([{ step: { path: '/do/1/b' } }]);
  });

  test('that was started and not finished is asked for again, with the same key', () => {
    const world = new World(`do: [{ a: ${http('a')} }]`);
    const [first] = world.look().commands;
    world.history.push({ type: 'StepStarted', step: { path: '/do/0/a', iteration: [] }, atMs: T0 });
    expect(world.look().commands).toEqual([{ ...first, isRepeated: true }]);
  });

  test('counts its time from its start, and not while nobody was there to start it', () => {
    const world = new World(`
do: [{ a: { ${http('a').slice(2, -2)}, timeout: { after: PT30S } } }]`);
    world.nowMs += MINUTE;
    expect(world.look()).toMatchObject({ facts: [], commands: [{ timeoutMs: 30_000 }] });
    world.history.push({
      type: 'StepStarted',
      step: { path: '/do/0/a', iteration: [] },
      atMs: world.nowMs,
    });
    world.nowMs += MINUTE;
    expect(world.look().done).toMatchObject({
      error: { status: 408, instance: '/do/0/a' },
    });
  });

  test('gives what it may give, or has failed', () => {
    const world = new World(`do: [{ a: ${http('a')} }]`, {
      answer: () => 'x'.repeat(WORKFLOW_LIMITS.outputBytes),
    });
    expect(world.output).toMatchObject({ faulted: { title: 'The output is too large' } });
  });

  test('is told apart by its rounds, tries and visits', () => {
    const text = `
do:
  - loop:
      for: { in: '[1, 2]' }
      do: [{ t: { try: [{ a: ${http('a')} }], catch: { retry: { limit: { attempt: { count: 1 } } } } } }]
  - again: { switch: [{ more: { when: '.visited | not', then: mark } }], then: end }
  - mark: { set: { visited: true }, then: again }`;
    let count = 0;
    const world = new World(text, { answer: () => (count++ === 0 ? down : httpAnswer({})) });
    expect(world.output).toEqual({ visited: true });
    expect(world.effects).toEqual([
      '/do/0/loop/do/0/t/try/0/a#0.0.0',
      '/do/0/loop/do/0/t/try/0/a#0.0.1',
      '/do/0/loop/do/0/t/try/0/a#0.1.0',
    ]);
  });
});

describe('a wait', () => {
  const text = `do: [{ w: { wait: { days: 3 } } }, { a: ${http('a')} }]`;

  test('is a fact and an instant; nothing runs meanwhile', () => {
    const world = new World(text);
    const untilMs = T0 + 3 * 1_440 * MINUTE;
    const [fact] = world.step().facts;
    expect(fact).toMatchObject({ type: 'WaitStarted', purpose: 'wait', untilMs });
    expect(world.look()).toMatchObject({ facts: [], commands: [], waiting: { untilMs } });
  });

  test('ends at its instant, however late somebody looks', () => {
    const world = new World(
      `do: [{ w: { wait: PT1H } }, { v: { wait: PT1H } }, { a: ${http('a')} }]`,
    );
    world.step();
    world.nowMs = T0 + 150 * MINUTE;
    expect(world.look().facts).toMatchObject([
      { type: 'TimerFired', atMs: T0 + 60 * MINUTE },
      { type: 'TimerFired', atMs: T0 + 120 * MINUTE },
    ]);
    expect(world.look().commands).toMatchObject([{ step: { path: '/do/2/a' } }]);
  });
});

describe('a time-out', () => {
  test('ends what is within, and may be caught', () => {
    const text = `
do:
  - t:
      try: [{ d: { timeout: { after: PT1M }, do: [{ w: { wait: PT1H } }] } }]
      catch: { errors: { with: { status: 408 } }, do: [{ s: { set: { late: true } } }] }`;
    const world = new World(text);
    expect(world.output).toEqual({ late: true });
    expect(world.nowMs).toBe(T0 + MINUTE);
  });

  test('of the workflow ends the run', () => {
    const world = new World('timeout: { after: PT1M }\ndo: [{ w: { wait: PT1H } }]');
    expect(world.output).toMatchObject({ faulted: { status: 408, instance: '/' } });
  });

  test('loses against a result that was recorded before it', () => {
    const world = new World(
      `do: [{ d: { timeout: { after: PT1M }, do: [{ a: ${http('a')} }] } }]`,
      {
        answer: answering,
      },
    );
    world.step();
    world.nowMs += 60 * MINUTE;
    expect(world.output).toBe('/a');
  });
});

describe('a retry', () => {
  const trying = (policy: string) => `
do: [{ t: { try: [{ a: ${http('a')} }], catch: { errors: { with: { status: 503 } }, retry: ${policy} } } }]`;
  const delays = (policy: string) => {
    const world = new World(trying(policy), { answer: () => down });
    const done = world.runThrough();
    const starts = world.history
      .filter(({ type }) => type === 'StepStarted')
      .map(({ atMs }) => atMs);
    return { done, delays: starts.slice(1).map((at, index) => at - (starts[index] as number)) };
  };

  test('comes after its delay: the same, longer each time, or doubled', () => {
    const policy = (backoff: string) =>
      `{ delay: PT3S, backoff: { ${backoff}: {} }, limit: { attempt: { count: 4 } } }`;
    expect(delays(policy('constant')).delays).toEqual([3_000, 3_000, 3_000, 3_000]);
    expect(delays(policy('linear')).delays).toEqual([3_000, 6_000, 9_000, 12_000]);
    expect(delays(policy('exponential')).delays).toEqual([3_000, 6_000, 12_000, 24_000]);
    expect(delays(policy('linear')).done).toMatchObject({
      outcome: 'faulted',
      error: { status: 503 },
    });
  });

  test('is spread the same way at each replay', () => {
    const policy =
      '{ delay: PT1S, jitter: { from: PT1S, to: PT9S }, limit: { attempt: { count: 3 } } }';
    const [one, two] = [delays(policy).delays, delays(policy).delays];
    expect(one).toEqual(two);
    expect(new Set(one).size).toBeGreaterThan(1);
    for (const ms of one) expect(ms >= 2_000 && ms <= 10_000).toBe(true);
  });

  test('is given up when it would come too late', () => {
    expect(delays('{ delay: PT10S, limit: { duration: PT25S } }').delays).toEqual([10_000, 10_000]);
  });

  test('has a limit even where the policy names none', () => {
    expect(delays('{ delay: PT1S }').delays).toHaveLength(WORKFLOW_LIMITS.retries);
  });
});

describe('listening', () => {
  const event = (type: string, data: Json = null) => ({ id: '1', source: 's', type, data });

  test('goes on with the event that fits', () => {
    const world = new World(`
do: [{ l: { listen: { to: { one: { with: { type: hot, data: '\${ .degrees > 38 }' } } } } } }]`);
    expect(world.run().waiting).toEqual({
      events: [{ step: { path: '/do/0/l', iteration: [] }, types: ['hot'] }],
    });
    world.receive(event('hot', { degrees: 37 }));
    world.receive(event('cold', { degrees: 40 }));
    world.receive(event('hot', 'no object at all'));
    world.receive(event('hot', { degrees: 39 }));
    expect(world.output).toEqual([{ degrees: 39 }]);
  });

  test('waits for all, in whatever order they come', () => {
    const world = new World(
      'do: [{ l: { listen: { read: envelope, to: { all: [{ with: { type: a } }, { with: { type: b } }] } } } }]',
    );
    for (const type of ['b', 'b', 'a']) world.receive(event(type));
    expect(world.output).toEqual([event('b'), event('a')]);
  });

  test('goes on until its condition holds, and does something for each event', () => {
    const world = new World(
      `
do:
  - l:
      listen: { to: { any: [], until: '(. | length) >= 2' } }
      foreach: { item: one, at: i, do: [{ c: ${http('{n}')} }], output: { as: '[., $i]' } }`,
      { answer: answering },
    );
    world.receive(event('x', { n: 5 }));
    world.receive(event('y', { n: 6 }));
    expect(world.output).toEqual([
      ['/5', 0],
      ['/6', 1],
    ]);
  });

  test('goes on until another event, which is no part of what was heard', () => {
    const world = new World(
      'do: [{ l: { listen: { to: { any: [{ with: { type: a } }], until: { one: { with: { type: stop } } } } } } }]',
    );
    for (const type of ['a', 'a', 'stop']) world.receive(event(type, type));
    expect(world.output).toEqual(['a', 'a']);
  });
});

test('a loop without end meets the limit, which nothing catches', () => {
  const text = `
do: [{ t: { try: [{ a: { set: { n: 1 }, then: b } }, { b: { set: { n: 2 }, then: a } }], catch: {} } }]`;
  expect(new World(text).output).toMatchObject({ faulted: { title: 'Limit exceeded' } });
});

test('jq that can not answer decides nothing', async () => {
  await using impatient = new JqThread({ timeMs: 200 });
  const world = new World(`do: [{ s: { set: { x: '\${ until(false; .) }' } } }]`);
  expect(advance({ ...world.source, jq: impatient, history: [], nowMs: T0 })).toMatchObject({
    halted: { code: 'JQ_TIMED_OUT' },
    facts: [],
    commands: [],
  });
});

const MIXED = `
timeout: { after: P2D }
do:
  - first: { ${http('first').slice(2, -2)}, export: { as: '{ first: . }' } }
  - both:
      fork:
        branches:
          - left: { do: [{ l1: ${http('l1')} }, { w: { wait: PT1H } }, { l2: ${http('l2')} }] }
          - right:
              try: [{ r1: ${http('r1')} }, { flaky: ${http('flaky')} }]
              catch: { retry: { delay: PT5M, limit: { attempt: { count: 3 } } }, do: [{ s: { set: { gaveUp: true } } }] }
  - loop: { for: { in: '[1, 2, 3]' }, do: [{ each: ${http('each')} }] }
  - say: { emit: { event: { with: { source: x, type: done } } } }
output: { as: '[$context.first, .type]' }`;

function mixed(failures: number): World {
  let left = failures;
  const answer: Answering = (call, command) =>
    command.step.path.endsWith('flaky') && left-- > 0 ? down : answering(call, command);
  return new World(MIXED, { answer });
}

describe('a crash', () => {
  test('anywhere changes nothing but that the step in flight is run again', () => {
    const whole = mixed(2);
    const output = whole.output;
    fc.assert(
      fc.property(fc.nat(whole.history.length), fc.nat(2), (at, failures) => {
        const world = mixed(failures);
        const straight = mixed(failures);
        // Everything up to a fact is there; what came after was lost with its worker.
        straight.runThrough();
        world.history.push(...straight.history.slice(0, at));
        const known = world.history.filter(({ type }) => type === 'StepFailed').length;
        const rest = mixed(failures - known);
        rest.history = [...world.history];
        rest.nowMs = Math.max(T0, ...world.history.map(({ atMs }) => atMs));
        expect(rest.output).toEqual(output);
        const before = world.history.filter(
          ({ type }) => type === 'StepFinished' || type === 'StepFailed',
        );
        // Emitting is a step as well.
        expect(before.length + rest.effects.length).toBe(straight.effects.length);
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  test('changes no command: the same history gives the same, again and again', () => {
    const world = mixed(1);
    for (let seen = world.look(); !seen.done; seen = world.look()) {
      expect(world.look()).toEqual(seen);
      world.history.push(...seen.facts);
      expect(world.look()).toEqual({ ...seen, facts: [] });
      const [command] = seen.commands;
      if (command) world.carryOut(command);
      else world.nowMs = seen.waiting?.untilMs ?? world.nowMs;
    }
  });

  test('between branches leaves the order of the facts to decide, not the order of the commands', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 20 }), (choices) => {
        const world = mixed(1);
        for (const choice of choices) world.step((commands) => commands[choice % commands.length]);
        expect(world.output).toEqual(['/first', 'done']);
      }),
      { numRuns: 20, seed: 6 },
    );
  });
});

describe('cutting a history', () => {
  const keysOf = (history: readonly HistoryEvent[]) =>
    history.flatMap((event) => (event.type === 'StepFinished' ? [event.step.path] : []));

  test('before a step leaves out that step and what followed from it, and nothing else', () => {
    const world = mixed(0);
    world.runThrough();
    const step = { path: '/do/1/both/fork/branches/0/left/do/0/l1', iteration: [] };
    const cut = cutBefore(world.source, world.history, step);
    expect(keysOf(cut)).toEqual([
      '/do/0/first',
      '/do/1/both/fork/branches/1/right/try/0/r1',
      '/do/1/both/fork/branches/1/right/try/1/flaky',
    ]);
    const rest = mixed(0);
    rest.history = [...cut];
    expect(rest.output).toEqual(['/first', 'done']);
    expect(rest.effects.slice(0, 2)).toEqual([
      '/do/1/both/fork/branches/0/left/do/0/l1',
      '/do/1/both/fork/branches/0/left/do/2/l2',
    ]);
  });

  test('before a round of a loop keeps the rounds before it', () => {
    const world = mixed(0);
    world.runThrough();
    const cut = cutBefore(world.source, world.history, {
      path: '/do/2/loop/do/0/each',
      iteration: [1],
    });
    expect(keysOf(cut).filter((path) => path.endsWith('each'))).toHaveLength(1);
  });

  test('before a task that is no step of its own, or has others within, cuts there as well', () => {
    const world = mixed(0);
    world.runThrough();
    const cutAt = (path: string) =>
      keysOf(cutBefore(world.source, world.history, { path, iteration: [] }));
    expect(cutAt('/do/0/first')).toEqual([]);
    expect(cutAt('/do/1/both')).toEqual(['/do/0/first']);
    expect(cutAt('/do/2/loop')).toHaveLength(5);
    expect(cutAt('/do/3/say')).toHaveLength(8);
  });

  test('before the step that failed makes a retry of the run', () => {
    let isDown = true;
    const answer: Answering = (call, command) =>
      command.step.path === '/do/1/b' && isDown ? down : answering(call, command);
    const world = new World(`do: [{ a: ${http('a')} }, { b: ${http('b')} }]`, { answer });
    const done = world.runThrough();
    const step = { path: '/do/1/b', iteration: [] };
    expect(done).toMatchObject({ error: { status: 503, instance: '/do/1/b' }, step });
    world.history = [...cutBefore(world.source, world.history, step)];
    isDown = false;
    expect(world.output).toBe('/b');
    expect(world.effects).toEqual(['/do/0/a', '/do/1/b', '/do/1/b']);
  });
});
