export * from './gen/workflow/v1/events_pb.js';
export * from './gen/workflow/v1/run_pb.js';
