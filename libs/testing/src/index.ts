export { builtServices } from './built.js';
export { testEnvironment } from './config.js';
export { eventually, NeverHappened } from './eventually.js';
export { type LeftOut, PrivateParts } from './private-parts.js';
export { removeFolder, temporaryFolder } from './temporary-folder.js';
export { testChromium } from './test-chromium.js';
export {
  startTestNats,
  type TestNats,
  type TestNatsNode,
  type TestNatsOptions,
} from './test-nats.js';
export {
  type DatabaseTemplate,
  type OwnTestPostgres,
  startOwnTestPostgres,
  startTestPostgres,
  type TestPostgres,
} from './test-postgres.js';
