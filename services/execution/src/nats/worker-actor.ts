import { create, envelope } from '#libs/contracts';

/** Who tells the facts of attempts. */
export const workerActor = (workerId: string): envelope.Actor =>
  create(envelope.ActorSchema, {
    kind: envelope.ActorKind.SERVICE,
    id: workerId,
    origin: 'execution',
  });
