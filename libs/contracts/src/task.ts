export * from './gen/task/v1/commands_pb.js';
export * from './gen/task/v1/events_pb.js';
export * from './gen/task/v1/types_pb.js';
