export { descendantsOf, type ProcessTree } from './descendants.js';
export {
  createTask,
  define,
  noopTask,
  order,
  runTask,
  type ScheduleDraft,
  type TaskDraft,
} from './drive.js';
export { markedProcesses } from './marked-processes.js';
export { type LogLine, ServiceProcess } from './service-process.js';
export {
  type Leader,
  type ServiceName,
  Services,
  type ServicesOptions,
  startServices,
} from './start-services.js';
