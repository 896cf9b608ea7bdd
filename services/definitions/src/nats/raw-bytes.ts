import type { Msg } from '@nats-io/transport-node';
import type { ConsumerDeserializer, IncomingRequest, Serializer } from '@nestjs/microservices';

/**
 * Nest's NATS transport speaks JSON by default. Commands are protobuf, so the bytes go through as
 * they are; the pattern is the subject.
 */
export class BytesIn implements ConsumerDeserializer {
  deserialize(message: Msg, options?: Record<string, unknown>): IncomingRequest {
    // An id makes Nest treat it as a request, which is answered.
    return { id: message.reply ?? '', pattern: String(options?.channel), data: message.data };
  }
}

interface OutgoingReply {
  readonly response?: Uint8Array;
}

export class BytesOut implements Serializer<OutgoingReply, { data: Uint8Array }> {
  serialize({ response }: OutgoingReply): { data: Uint8Array } {
    return { data: response ?? new Uint8Array() };
  }
}
