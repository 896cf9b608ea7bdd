import { Body, Controller, Delete, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { deletePool, pausePool, resumePool, savePool } from '../capacity/change-capacity.js';
import { findPool, listPools, type ToldPool } from '../capacity/told-capacity.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownPool } from '../problems/unknown.js';
import { type PoolAnswer, poolAnswer, poolListAnswer } from '../shapes/capacity-answers.js';
import {
  type PoolInputShape,
  pauseBody,
  poolBody,
  poolChangeBody,
} from '../shapes/capacity-input.js';
import { noBody } from '../shapes/requests.js';
import { type ApiCall, Call, IfMatch, idOr } from './call.js';
import { poolAnswerOf } from './capacity-answers.js';
import { Answers } from './documented.js';
import { type Resource, tell, tellChanged, tellDefined, tellMade } from './resource.js';

const pools: Resource<ToldPool, PoolAnswer> = {
  collection: 'pools',
  unknown: unknownPool,
  find: findPool,
  answer: poolAnswerOf,
  positionOf: ({ position }) => position,
};

@ApiTags('pools')
@Controller('api/scheduler/pools')
export class PoolsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get()
  @Answers({ status: 200, says: 'The built-in pools, then custom ones.', is: poolListAnswer })
  async list(@Call() { account }: ApiCall) {
    return { pools: (await listPools(this.parts, account)).map(poolAnswerOf) };
  }

  @Post()
  @Answers({ status: 201, says: 'It was made.', is: poolAnswer, idempotent: true })
  async create(@Call() call: ApiCall, @Body({ schema: poolBody }) body: PoolInputShape) {
    const changed = await savePool(this.parts, call.by, body);
    tellMade(call, pools, changed);
    return tellChanged(this.parts, pools, call, changed);
  }

  @Get(':name')
  @Answers({ status: 200, says: 'The pool.', is: poolAnswer, etag: true })
  read(@Call() call: ApiCall, @Param('name') name: string) {
    return tell(this.parts, pools, call, name);
  }

  @Put(':name')
  @Answers({ status: 200, says: 'As it is now.', is: poolAnswer, idempotent: true, ifMatch: true })
  async change(
    @Call() call: ApiCall,
    @IfMatch() expectedPosition: number | undefined,
    @Param('name') name: string,
    @Body({ schema: poolChangeBody }) body: z.output<typeof poolChangeBody>,
  ) {
    const pool = { name: idOr(unknownPool, name), ...body };
    const changed = await savePool(this.parts, call.by, pool, { expectedPosition });
    return tellChanged(this.parts, pools, call, changed);
  }

  @Post(':name/pause')
  @Answers({
    status: 200,
    says: 'Nothing of it is started until it is resumed; what runs goes on.',
    is: poolAnswer,
    idempotent: true,
  })
  async pause(
    @Call() call: ApiCall,
    @Param('name') name: string,
    @Body({ schema: pauseBody }) { reason = '' }: z.output<typeof pauseBody>,
  ) {
    const changed = await pausePool(this.parts, call.by, idOr(unknownPool, name), reason);
    return tellChanged(this.parts, pools, call, changed);
  }

  @Post(':name/resume')
  @Answers({ status: 200, says: 'It goes on.', is: poolAnswer, idempotent: true })
  async resume(
    @Call() call: ApiCall,
    @Param('name') name: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
  ) {
    const changed = await resumePool(this.parts, call.by, idOr(unknownPool, name));
    return tellChanged(this.parts, pools, call, changed);
  }

  @Delete(':name')
  @Answers({
    status: 204,
    says: 'It is gone. While a task names it: 409 pool-in-use.',
    idempotent: true,
    ifMatch: true,
  })
  async remove(
    @Call() call: ApiCall,
    @IfMatch() expectedPosition: number | undefined,
    @Param('name') name: string,
  ): Promise<void> {
    const pool = idOr(unknownPool, name);
    tellDefined(call, await deletePool(this.parts, call.by, pool, expectedPosition));
  }
}
