import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import { deletePool, pausePool, resumePool, savePool } from '../change-capacity.js';
import { type By, type Changed } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { notReadableYet, unknownPool } from '../problem.js';
import { poolAnswer, poolListAnswer } from '../shapes/capacity-answers.js';
import {
  type PoolInputShape,
  pauseBody,
  poolBody,
  poolChangeBody,
} from '../shapes/capacity-input.js';
import { noBody } from '../shapes/requests.js';
import { listPools, readPool } from '../told-capacity.js';
import { AskedBy, etagOf, IfMatch, idOr } from './asked-by.js';
import { poolAnswerOf } from './capacity-answers.js';
import { Answers } from './documented.js';
import { tellPosition } from './tell-position.js';

@ApiTags('pools')
@Controller('api/scheduler/pools')
export class PoolsController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Get()
  @Answers({ status: 200, says: 'The built-in pools, then custom ones.', is: poolListAnswer })
  async list(@AskedBy() by: By) {
    return { pools: (await listPools(this.#parts, by.caller)).map(poolAnswerOf) };
  }

  @Post()
  @Answers({ status: 201, says: 'It was made.', is: poolAnswer, idempotent: true })
  async create(
    @AskedBy() by: By,
    @Body({ schema: poolBody }) body: PoolInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await savePool(this.#parts, by, body);
    reply.header('location', `/api/scheduler/pools/${body.name}`);
    return this.#tellChanged(by, changed, reply);
  }

  @Get(':name')
  @Answers({ status: 200, says: 'The pool.', is: poolAnswer, etag: true })
  read(
    @AskedBy() by: By,
    @Param('name') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#tell(by, idOr(unknownPool, name), reply);
  }

  @Put(':name')
  @Answers({ status: 200, says: 'As it is now.', is: poolAnswer, idempotent: true, ifMatch: true })
  async change(
    @AskedBy() by: By,
    @IfMatch() expectedPosition: number | undefined,
    @Param('name') name: string,
    @Body({ schema: poolChangeBody }) body: z.output<typeof poolChangeBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const pool = { name: idOr(unknownPool, name), ...body };
    const changed = await savePool(this.#parts, by, pool, { expectedPosition });
    return this.#tellChanged(by, changed, reply);
  }

  @Post(':name/pause')
  @HttpCode(200)
  @Answers({
    status: 200,
    says: 'Nothing of it is started until it is resumed; what runs goes on.',
    is: poolAnswer,
    idempotent: true,
  })
  async pause(
    @AskedBy() by: By,
    @Param('name') name: string,
    @Body({ schema: pauseBody }) { reason = '' }: z.output<typeof pauseBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await pausePool(this.#parts, by, idOr(unknownPool, name), reason);
    return this.#tellChanged(by, changed, reply);
  }

  @Post(':name/resume')
  @HttpCode(200)
  @Answers({ status: 200, says: 'It goes on.', is: poolAnswer, idempotent: true })
  async resume(
    @AskedBy() by: By,
    @Param('name') name: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await resumePool(this.#parts, by, idOr(unknownPool, name));
    return this.#tellChanged(by, changed, reply);
  }

  @Delete(':name')
  @HttpCode(204)
  @Answers({
    status: 204,
    says: 'It is gone. While a task names it: 409 pool-in-use.',
    idempotent: true,
    ifMatch: true,
  })
  async remove(
    @AskedBy() by: By,
    @IfMatch() expectedPosition: number | undefined,
    @Param('name') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const pool = idOr(unknownPool, name);
    const { position } = await deletePool(this.#parts, by, pool, expectedPosition);
    tellPosition(reply, 'DEFINITIONS', position);
  }

  #tellChanged(by: By, { id, position, isReadable }: Changed, reply: FastifyReply) {
    tellPosition(reply, 'DEFINITIONS', position);
    if (!isReadable) throw notReadableYet(position);
    return this.#tell(by, id, reply);
  }

  async #tell(by: By, name: string, reply: FastifyReply) {
    const pool = await readPool(this.#parts, by.caller, name);
    reply.header('etag', etagOf(pool.position));
    return poolAnswerOf(pool);
  }
}
