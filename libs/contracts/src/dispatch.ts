export * from './gen/dispatch/v1/commands_pb.js';
export * from './gen/dispatch/v1/events_pb.js';
export * from './gen/dispatch/v1/inputs_pb.js';
export * from './gen/dispatch/v1/queries_pb.js';
