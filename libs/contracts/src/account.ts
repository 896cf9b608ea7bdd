export * from './gen/account/v1/events_pb.js';
