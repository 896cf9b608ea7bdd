export * from './gen/envelope/v1/commit_pb.js';
