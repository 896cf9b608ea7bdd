import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attempt as a, log as l } from '#libs/contracts';
import { ProgramBench } from '../../testing/run-programs.js';

let bench: ProgramBench;
beforeAll(async () => {
  bench = await ProgramBench.open('auto');
}, 60_000);
afterAll(() => bench.close());

describe('script.run', () => {
  test('tells what outside APIs charged: all is summed, the first are kept, what is none is not', async () => {
    const script = `
      export default ({ cost }) => {
        for (let i = 0; i < 60; i++) cost(0.1, 'page ' + i);
        cost('0.000001');
        cost(-1, 'a gift');
      };`;
    const { end, lines } = await bench.script(script).end;
    expect(end.outcome).toBe(a.AttemptOutcome.SUCCEEDED);
    expect(end.usage?.apiCostMicros).toBe(6_000_001);
    expect(end.usage?.apiCosts).toHaveLength(50);
    expect(end.usage?.apiCosts[0]).toMatchObject({ micros: 100_000, note: 'page 0' });
    expect(lines.filter(({ level }) => level === l.Level.WARN)).toHaveLength(1);
  });

  test('calls the default export with its values, and keeps what it logs and gives', async () => {
    const script = `
      interface Params { readonly who: string }
      export default async ({ params, log, output, attempt }: { params: Params } & any) => {
        log('hello ' + params.who, { who: params.who });
        log.warn('careful');
        console.log('printed');
        output('attempt', attempt.attempt);
        return { length: params.who.length };
      };`;
    const { end, output, lines } = await bench.script(script, { params: { who: 'Ada' } }).end;
    expect(end.error).toBe(undefined);
    expect(end.outcome).toBe(a.AttemptOutcome.SUCCEEDED);
    expect(output).toEqual({ attempt: 1, result: { length: 3 } });
    expect(lines).toEqual(
      expect.arrayContaining([
        { level: l.Level.INFO, message: 'hello Ada' },
        { level: l.Level.WARN, message: 'careful' },
        { level: l.Level.INFO, message: 'printed' },
      ]),
    );
    expect(end.usage?.cpuMs).toBeGreaterThan(10);
    expect(end.usage?.peakMemoryBytes).toBeGreaterThan(10e6);
    expect(end.usage?.processStartMs).toBeGreaterThan(10);
    expect(end.usage?.isolation).toBe(bench.isolation.tier);
  });

  test.each([
    ['is no module', 'export default (', 'SCRIPT_INVALID', true],
    ['exports no function', 'export const x = 1', 'SCRIPT_INVALID', true],
    ['throws', 'export default () => { throw new Error("no luck") }', 'SCRIPT_FAILED', false],
    ['leaves by itself', 'export default () => process.exit(3)', 'EXIT_CODE_NONZERO', false],
  ])('that %s fails', async (_what, script, code, final) => {
    const { end } = await bench.script(script).end;
    expect(end.error).toMatchObject({ code, final });
  });

  test('is asked by its signal to end, and has the grace to do so', async () => {
    const script = `export default async ({ log, signal }) => {
      log('begun');
      await new Promise((resolve) => { setInterval(() => {}, 1000); signal.addEventListener('abort', resolve); });
      log('asked to end');
    }`;
    const { end, lines } = await bench.script(script, { timeoutMs: 1_500 }).end;
    expect(end.outcome).toBe(a.AttemptOutcome.TIMED_OUT);
    expect(lines.map(({ message }) => message)).toContain('asked to end');
  });
});

describe('shell.run', () => {
  test('gives the variables it names, and reads the output from the last line', async () => {
    const script = 'echo "to $WHO"; echo oops >&2; cat; echo \'{"n": 1, "who": "\'$WHO\'"}\'';
    const { end, output, lines } = await bench.shell(script, { env: { WHO: 'Ada' } }).end;
    expect(end.error).toBe(undefined);
    expect(output).toEqual({ n: 1, who: 'Ada' });
    expect(lines.slice(0, 2)).toEqual(
      expect.arrayContaining([{ level: l.Level.INFO, message: 'to Ada' }]),
    );
    expect(lines).toContainEqual({ level: l.Level.WARN, message: 'oops' });
  });

  test('reads the output from the file that it is told of', async () => {
    const script =
      'echo \'{"a": 1}\' > "$CARILLON_OUTPUT"; echo \'{"b": [2]}\' >> "$CARILLON_OUTPUT"';
    expect((await bench.shell(script, { shell: 'bash' }).end).output).toEqual({ a: 1, b: [2] });
  });

  test('tells its costs in the same file, and they count although it fails', async () => {
    const line = '{"$cost": "0.02", "note": "search"}';
    const { end, output } = await bench.shell(`echo '${line}' >> "$CARILLON_OUTPUT"; exit 3`).end;
    expect(end.error?.code).toBe('EXIT_CODE_NONZERO');
    expect(end.usage).toMatchObject({
      apiCostMicros: 20_000,
      apiCosts: [{ micros: 20_000, note: 'search' }],
    });
    expect(output).toEqual({});
  });

  test('that ends with a code fails with it and with its last lines', async () => {
    const { end } = await bench.shell('echo one; echo two >&2; exit 7').end;
    expect(end.error).toMatchObject({ code: 'EXIT_CODE_NONZERO', final: false });
    expect(end.error?.message).toContain('code 7');
    expect(end.error?.message).toContain('two');
  });
});

test('a cancel ends a program and all that came from it', async () => {
  const { run, end } = bench.shell('sleep 60 & sleep 60');
  run.stop('cancelled');
  expect((await end).end).toMatchObject({ outcome: a.AttemptOutcome.CANCELLED });
  expect(bench.processes()).toEqual([]);
  expect(await bench.folders()).toEqual([]);
});
