export {
  BUILTIN_NAMES,
  type BuiltinJob,
  type BuiltinName,
  type BuiltinProblem,
  type BuiltinResult,
  builtinJob,
  isBuiltin,
  validateBuiltin,
} from './builtin.js';
export type { ScriptRun, ShellRun } from './code-task.js';
export type { HttpRequest } from './http-request.js';
export { BUILTIN_LIMITS } from './limits.js';
export { parseStatusRange, type StatusRange } from './status-range.js';
