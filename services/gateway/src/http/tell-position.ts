import { type FastifyReply } from 'fastify';
import { type StreamName } from '#libs/contracts';

/** Where in the log the effect of a command stands. */
export function tellPosition(reply: FastifyReply, stream: StreamName, seq: number): void {
  reply.header('carillon-position', `${stream}/${seq}`);
}
