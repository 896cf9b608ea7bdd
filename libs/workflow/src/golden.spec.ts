/** Histories that releases have left behind, with every answer that was given on their way. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { advance } from './advance.js';
import type { HistoryEvent, RunStart } from './history.js';
import { jq, workflowOf } from './testing/world.js';

interface Golden {
  readonly name: string;
  /** The definition, as it was written. */
  readonly source: string;
  readonly start: RunStart;
  readonly history: readonly HistoryEvent[];
  /** After none of the facts, after the first, and so on. */
  readonly answers: readonly unknown[];
}

afterAll(() => jq[Symbol.asyncDispose]());

const folder = new URL('golden/', import.meta.url);
const histories = readdirSync(folder).flatMap((version) =>
  readdirSync(new URL(`${version}/`, folder)).map((file) => {
    const text = readFileSync(new URL(`${version}/${file}`, folder), 'utf8');
    return [`${version}/${file}`, JSON.parse(text) as Golden] as const;
  }),
);

test.each(histories)('%s is read to the same answers', (_, { source, start, history, answers }) => {
  const workflow = workflowOf(source);
  expect(answers).toHaveLength(history.length + 1);
  for (const [count, expected] of answers.entries()) {
    const known = history.slice(0, count);
    const nowMs = Math.max(start.startedAtMs, ...known.map(({ atMs }) => atMs));
    const answer = advance({ workflow, start, jq, history: known, nowMs });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(expected);
  }
});
