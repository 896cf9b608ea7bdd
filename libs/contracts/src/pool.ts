export * from './gen/pool/v1/events_pb.js';
