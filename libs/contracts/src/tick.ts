export * from './gen/tick/v1/events_pb.js';
