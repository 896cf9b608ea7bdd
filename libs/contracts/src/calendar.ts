export * from './gen/calendar/v1/events_pb.js';
