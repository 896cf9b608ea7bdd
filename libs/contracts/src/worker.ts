export * from './gen/worker/v1/signals_pb.js';
