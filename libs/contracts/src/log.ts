export * from './gen/log/v1/chunk_pb.js';
