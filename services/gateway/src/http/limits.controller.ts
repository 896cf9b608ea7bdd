import { Body, Controller, Delete, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { deleteLimit, saveLimit, setAccountLimits } from '../capacity/change-capacity.js';
import { readQueues } from '../capacity/read-queues.js';
import { readAccountLimits } from '../capacity/told-capacity.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { notReadableYet } from '../problems/problem.js';
import { unknownLimit } from '../problems/unknown.js';
import { findLimit, type LimitRow, listLimits } from '../queries/capacity.js';
import {
  accountLimitsAnswer,
  type LimitAnswer,
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
import { type ApiCall, Call, IfMatch, idOr, tellEtag } from './call.js';
import { accountLimitsAnswerOf, limitAnswerOf, queuesAnswerOf } from './capacity-answers.js';
import { Answers } from './documented.js';
import { type Resource, tell, tellChanged, tellDefined, tellMade } from './resource.js';

const limits: Resource<LimitRow, LimitAnswer> = {
  collection: 'limits',
  unknown: unknownLimit,
  find: ({ db }, account, id) => findLimit(db, account, id),
  answer: limitAnswerOf,
  positionOf: ({ position }) => position,
};

/** Limits, what the account may use, and what waits. */
@ApiTags('limits')
@Controller('api/scheduler')
export class LimitsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get('queue')
  @Answers({ status: 200, says: 'What waits in each pool.', is: queuesAnswer })
  async queues(@Call() call: ApiCall) {
    return queuesAnswerOf(await readQueues(this.parts, call.account));
  }

  @Get('limits')
  @Answers({ status: 200, says: 'By name.', is: limitListAnswer })
  async list(@Call() { account }: ApiCall) {
    return { limits: (await listLimits(this.parts.db, account)).map(limitAnswerOf) };
  }

  @Post('limits')
  @Answers({ status: 201, says: 'It was saved.', is: limitAnswer, idempotent: true })
  async create(@Call() call: ApiCall, @Body({ schema: limitBody }) body: LimitInputShape) {
    const changed = await saveLimit(this.parts, call.by, body);
    tellMade(call, limits, changed);
    return tellChanged(this.parts, limits, call, changed);
  }

  @Get('limits/:limitId')
  @Answers({ status: 200, says: 'The limit.', is: limitAnswer, etag: true })
  read(@Call() call: ApiCall, @Param('limitId') id: string) {
    return tell(this.parts, limits, call, id);
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
    @Call() call: ApiCall,
    @IfMatch() expectedPosition: number | undefined,
    @Param('limitId') id: string,
    @Body({ schema: limitBody }) body: LimitInputShape,
  ) {
    const limitId = idOr(unknownLimit, id);
    const at = { limitId, ...(expectedPosition === undefined ? {} : { expectedPosition }) };
    const changed = await saveLimit(this.parts, call.by, body, at);
    return tellChanged(this.parts, limits, call, changed);
  }

  @Delete('limits/:limitId')
  @Answers({
    status: 204,
    says: 'It limits nothing any more. While a task is under it: 409 limit-in-use.',
    idempotent: true,
    ifMatch: true,
  })
  async remove(
    @Call() call: ApiCall,
    @IfMatch() expectedPosition: number | undefined,
    @Param('limitId') id: string,
  ): Promise<void> {
    const limitId = idOr(unknownLimit, id);
    tellDefined(call, await deleteLimit(this.parts, call.by, limitId, expectedPosition));
  }

  @Get('account/limits')
  @Answers({ status: 200, says: 'What the account may use.', is: accountLimitsAnswer, etag: true })
  readAccount(@Call() call: ApiCall) {
    return this.#tellAccount(call);
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
    @Call() call: ApiCall,
    @IfMatch() expectedPosition: number | undefined,
    @Body({ schema: accountLimitsBody }) body: AccountLimitsInput,
  ) {
    const changed = await setAccountLimits(this.parts, call.by, body, expectedPosition);
    tellDefined(call, changed);
    if (!changed.isReadable) throw notReadableYet(changed.position);
    return this.#tellAccount(call);
  }

  async #tellAccount(call: ApiCall) {
    const told = await readAccountLimits(this.parts, call.account);
    tellEtag(call, told.position);
    return accountLimitsAnswerOf(told);
  }
}
