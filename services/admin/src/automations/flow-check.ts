/** The reader of flows, in the browser: the very code that the gateway refuses a flow with. */
import { config } from 'zod';
import { type FlowProblem, type FlowResult, namesUsed, parseFlow, validateFlow } from '#libs/flow';
import { describeStep, type StepText } from './describe-step.js';

// zod would compile its checks with `new Function`, which a strict policy forbids.
config({ jitless: true });

export interface FlowReport {
  ok: boolean;
  title: string;
  steps: readonly StepText[];
  names: readonly string[];
  /** By place of the step; -1 is the flow as a whole. */
  problems: ReadonlyMap<number, readonly FlowProblem[]>;
  count: number;
}

const STEP_PATH = /^steps\[(\d+)\]/;

export const stepOf = (path: string): number => Number(STEP_PATH.exec(path)?.[1] ?? -1);

function report(result: FlowResult): FlowReport {
  if (result.ok)
    return {
      ok: true,
      title: result.flow.title,
      steps: result.flow.steps.map(describeStep),
      names: namesUsed(result.flow),
      problems: new Map(),
      count: 0,
    };
  return {
    ok: false,
    title: '',
    steps: [],
    names: [],
    problems: Map.groupBy(result.problems, (problem) => stepOf(problem.path)),
    count: result.problems.length,
  };
}

export const readFlow = (json: string): FlowReport => report(parseFlow(json));

export const checkFlow = (flow: unknown): FlowReport => report(validateFlow(flow));
