export {
  type Alternative,
  type Flow,
  STEP_TYPES,
  type Step,
  type StepOf,
  type StepType,
} from './flow.js';
export { FLOW_LIMITS, STEP_TIMEOUT_DEFAULT_MS } from './limits.js';
export type { FlowProblem } from './problem.js';
export { parseSelector, type Selector } from './selector.js';
export { fillTemplate, type TemplateFault, type TemplateScope, templateNames } from './template.js';
export { type FlowResult, fillFlow, namesUsed, parseFlow, validateFlow } from './validate-flow.js';
