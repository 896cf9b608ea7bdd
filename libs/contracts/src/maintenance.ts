export * from './gen/maintenance/v1/events_pb.js';
