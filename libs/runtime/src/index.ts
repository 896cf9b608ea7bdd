export { type CommonSettings, commonSettings } from './common-settings.js';
export { createLogger, type Logger, type LoggerOptions } from './logging.js';
export { type ConnectOptions, connectNats, NatsRefused } from './nats.js';
export { type NatsOptions, type NatsPlace, natsOptions } from './nats-options.js';
export { nestLogger } from './nest-logger.js';
export {
  createOps,
  type Ops,
  type OpsServer,
  type Readiness,
  type ReadyCheck,
  startOpsServer,
} from './ops.js';
export {
  type Running,
  runService,
  runServices,
  type ServiceContext,
  type ServiceDefinition,
} from './run-service.js';
export {
  address,
  addressOr,
  flag,
  oneOf,
  optionalText,
  port,
  ratio,
  text,
  wholeNumber,
} from './setting-kinds.js';
export {
  type BadSetting,
  readSettings,
  type Section,
  type SettingRow,
  type SettingRows,
  type SettingSources,
  SettingsInvalid,
  type SettingsOf,
} from './settings.js';
export { startModule } from './start-module.js';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.js';
export {
  currentTraceparent,
  extractTrace,
  injectTrace,
  inSpan,
  type SpanSetup,
  type TraceContext,
  traceOfExecution,
  traceOfParent,
} from './tracing.js';
