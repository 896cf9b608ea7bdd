export * from './gen/automation/v1/events_pb.js';
