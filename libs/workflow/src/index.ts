export { advance, cutBefore, foldRun } from './advance.js';
export type { Authentication, Call, Command, ProcessCall } from './command.js';
export type { Workflow } from './definition.js';
export { type ErrorKind, type StepError, standardError, type WorkflowError } from './fault.js';
export type { CloudEvent, HistoryEvent, RunStart, TimerPurpose } from './history.js';
export {
  type Jq,
  type JqAnswer,
  type JqHaltCode,
  JqHalted,
  type JqQuestion,
  JqThread,
} from './jq.js';
export type { Json, JsonObject } from './json.js';
export { WORKFLOW_LIMITS } from './limits.js';
export type { WorkflowProblem, WorkflowProblemCode } from './problem.js';
export { factOf, historyEventOf, type RunFact, startOf, type Teller } from './recorded.js';
export { type Advance, type Done, Run, type RunSource, type Waiting } from './run.js';
export { type StepId, stepKey } from './step-id.js';
export { readWorkflow, validateWorkflow, type WorkflowResult } from './validate-workflow.js';
