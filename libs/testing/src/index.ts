export { eventually, NeverHappened } from './eventually.js';
export {
  createTask,
  define,
  noopTask,
  order,
  runTask,
  type ScheduleDraft,
  type TaskDraft,
} from './services/drive.js';
export { type LogLine, ServiceProcess } from './services/service-process.js';
export {
  type Leader,
  type ServiceName,
  Services,
  type ServicesOptions,
  startServices,
} from './services/start-services.js';
export { removeFolder, temporaryFolder } from './temporary-folder.js';
export { testChromium } from './test-chromium.js';
export { startTestNats, type TestNats, type TestNatsNode } from './test-nats.js';
export {
  type DatabaseTemplate,
  type OwnTestPostgres,
  startOwnTestPostgres,
  startTestPostgres,
  type TestPostgres,
} from './test-postgres.js';
