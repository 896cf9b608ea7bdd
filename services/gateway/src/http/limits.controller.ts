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
import { deleteLimit, saveLimit, setAccountLimits } from '../change-capacity.js';
import { type By, type Changed } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { notReadableYet, unknownLimit } from '../problem.js';
import { listLimits } from '../queries/capacity.js';
import { readQueues } from '../read-queues.js';
import {
  accountLimitsAnswer,
  limitAnswer,
  limitListAnswer,
  queuesAnswer,
} from '../shapes/capacity-answers.js';
import {
  type AccountLimitsInput,
  accountLimitsBody,
  type LimitInputShape,
  limitBody,
} from '../shapes/capacity-input.js';
import { readAccountLimits, readLimit } from '../told-capacity.js';
import { AskedBy, etagOf, IfMatch, idOr } from './asked-by.js';
import { accountLimitsAnswerOf, limitAnswerOf, queuesAnswerOf } from './capacity-answers.js';
import { Answers } from './documented.js';
import { tellPosition } from './tell-position.js';

/** Limits, what the account may use, and what waits. */
@ApiTags('limits')
@Controller('api/scheduler')
export class LimitsController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Get('queue')
  @Answers({ status: 200, says: 'What waits in each pool.', is: queuesAnswer })
  async queues(@AskedBy() by: By) {
    return queuesAnswerOf(await readQueues(this.#parts, by.caller));
  }

  @Get('limits')
  @Answers({ status: 200, says: 'By name.', is: limitListAnswer })
  async list(@AskedBy() by: By) {
    const rows = await listLimits(this.#parts.db, by.caller.account);
    return { limits: rows.map(limitAnswerOf) };
  }

  @Post('limits')
  @Answers({ status: 201, says: 'It was saved.', is: limitAnswer, idempotent: true })
  async create(
    @AskedBy() by: By,
    @Body({ schema: limitBody }) body: LimitInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await saveLimit(this.#parts, by, body);
    reply.header('location', `/api/scheduler/limits/${changed.id}`);
    return this.#tellChanged(by, changed, reply);
  }

  @Get('limits/:limitId')
  @Answers({ status: 200, says: 'The limit.', is: limitAnswer, etag: true })
  read(
    @AskedBy() by: By,
    @Param('limitId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#tell(by, idOr(unknownLimit, id), reply);
  }

  @Put('limits/:limitId')
  @Answers({
    status: 200,
    says: 'It holds for what waits, too; the key of what was requested stays.',
    is: limitAnswer,
    idempotent: true,
    ifMatch: true,
  })
  async replace(
    @AskedBy() by: By,
    @IfMatch() expectedPosition: number | undefined,
    @Param('limitId') id: string,
    @Body({ schema: limitBody }) body: LimitInputShape,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const limitId = idOr(unknownLimit, id);
    const at = { limitId, ...(expectedPosition === undefined ? {} : { expectedPosition }) };
    return this.#tellChanged(by, await saveLimit(this.#parts, by, body, at), reply);
  }

  @Delete('limits/:limitId')
  @HttpCode(204)
  @Answers({
    status: 204,
    says: 'It limits nothing any more. While a task is under it: 409 limit-in-use.',
    idempotent: true,
    ifMatch: true,
  })
  async remove(
    @AskedBy() by: By,
    @IfMatch() expectedPosition: number | undefined,
    @Param('limitId') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const limitId = idOr(unknownLimit, id);
    const { position } = await deleteLimit(this.#parts, by, limitId, expectedPosition);
    tellPosition(reply, 'DEFINITIONS', position);
  }

  @Get('account/limits')
  @Answers({ status: 200, says: 'What the account may use.', is: accountLimitsAnswer, etag: true })
  readAccount(@AskedBy() by: By, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.#tellAccount(by, reply);
  }

  @Put('account/limits')
  @Answers({
    status: 200,
    says: 'As it is now.',
    is: accountLimitsAnswer,
    idempotent: true,
    ifMatch: true,
  })
  async setAccount(
    @AskedBy() by: By,
    @IfMatch() expectedPosition: number | undefined,
    @Body({ schema: accountLimitsBody }) body: AccountLimitsInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const changed = await setAccountLimits(this.#parts, by, body, expectedPosition);
    tellPosition(reply, 'DEFINITIONS', changed.position);
    if (!changed.isReadable) throw notReadableYet(changed.position);
    return this.#tellAccount(by, reply);
  }

  #tellChanged(by: By, { id, position, isReadable }: Changed, reply: FastifyReply) {
    tellPosition(reply, 'DEFINITIONS', position);
    if (!isReadable) throw notReadableYet(position);
    return this.#tell(by, id, reply);
  }

  async #tell(by: By, id: string, reply: FastifyReply) {
    const row = await readLimit(this.#parts, by.caller, id);
    reply.header('etag', etagOf(row.position));
    return limitAnswerOf(row);
  }

  async #tellAccount(by: By, reply: FastifyReply) {
    const limits = await readAccountLimits(this.#parts, by.caller);
    reply.header('etag', etagOf(limits.position));
    return accountLimitsAnswerOf(limits);
  }
}
