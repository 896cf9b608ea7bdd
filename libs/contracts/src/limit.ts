export * from './gen/limit/v1/events_pb.js';
