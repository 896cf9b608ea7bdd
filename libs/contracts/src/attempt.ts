export * from './gen/attempt/v1/facts_pb.js';
export * from './gen/attempt/v1/offer_pb.js';
