import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { known, unknownDeadLetter } from '../problems/unknown.js';
import { type DeadLetterRow, findDeadLetter, listDeadLetters } from '../queries/dead-letters.js';
import { attemptsOfExecutions, findExecution } from '../queries/executions.js';
import { discardMany, discardOne, redriveOne, startRedrive } from '../runs/change-dead-letter.js';
import {
  type DeadLetterAnswer,
  deadLetterDetailsAnswer,
  deadLetterListAnswer,
  discardAnswer,
  redrivePlanAnswer,
} from '../shapes/dead-letter-answers.js';
import {
  type DeadLetterListQuery,
  type DiscardBody,
  deadLetterListQuery,
  discardBody,
  discardOneBody,
  redriveBody,
  type StartRedriveBody,
  startRedriveBody,
} from '../shapes/dead-letter-input.js';
import { runAcceptedAnswer } from '../shapes/execution-answers.js';
import { type DeadLetterCauseWord, type DeadLetterStatusWord } from '../shapes/words.js';
import { type ApiCall, Call, idOr, tellLocation, tellPosition } from './call.js';
import { Answers } from './documented.js';
import { executionDetailsOf, runAnswerOf } from './execution-answers.js';
import { paginationOf } from './pagination.js';

@ApiTags('dead letters')
@Controller('api/scheduler/dead-letters')
export class DeadLettersController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get()
  @Answers({ status: 200, says: 'Dead letters, the latest first.', is: deadLetterListAnswer })
  async list(
    @Call() { account }: ApiCall,
    @Query({ schema: deadLetterListQuery }) query: DeadLetterListQuery,
  ) {
    const { limit, offset, after, status = ['open'], ...filter } = query;
    const asked = { ...filter, status };
    const window = { limit, offset, after };
    const page = await listDeadLetters(this.parts.db, account, asked, window);
    return {
      deadLetters: page.rows.map(deadLetterAnswerOf),
      pagination: paginationOf(page, window),
    };
  }

  @Get(':id')
  @Answers({
    status: 200,
    says: 'The dead letter, its input and its attempts.',
    is: deadLetterDetailsAnswer,
  })
  async read(@Call() call: ApiCall, @Param('id') id: string) {
    const { db } = this.parts;
    const { account } = call;
    const found = await findDeadLetter(db, account, idOr(unknownDeadLetter, id));
    const row = known(found, unknownDeadLetter, id);
    const execution = await findExecution(db, account, row.id);
    const attempts = await attemptsOfExecutions(db, account, [row.id]);
    const details = execution === undefined ? null : executionDetailsOf(execution, attempts);
    return { ...deadLetterAnswerOf(row), execution: details };
  }

  @Post('redrive')
  @Answers({
    status: 202,
    says: 'They are run again, so many a minute; a dry run only counts them.',
    is: redrivePlanAnswer,
    idempotent: true,
  })
  async redriveMany(
    @Call() call: ApiCall,
    @Body({ schema: startRedriveBody }) body: StartRedriveBody,
  ) {
    const { redriveId, count, hasMore, position } = await startRedrive(this.parts, call.by, body);
    if (redriveId === null) call.reply.status(200);
    else {
      tellPosition(call, 'DISPATCH', position);
      tellLocation(call, 'redrives', redriveId);
    }
    return { redriveId, count, hasMore };
  }

  @Post('discard')
  @Answers({
    status: 200,
    says: 'They have left the list; a dry run only counts them.',
    is: discardAnswer,
    idempotent: true,
  })
  async discardMany(@Call() call: ApiCall, @Body({ schema: discardBody }) body: DiscardBody) {
    const { count, hasMore, position } = await discardMany(this.parts, call.by, body);
    if (position > 0) tellPosition(call, 'DISPATCH', position);
    return { count, hasMore };
  }

  @Post(':id/redrive')
  @Answers({
    status: 202,
    says: 'A new execution with its input, or an edited one, is queued.',
    is: runAcceptedAnswer,
    idempotent: true,
    rateLimited: true,
  })
  async redrive(
    @Call() call: ApiCall,
    @Param('id') id: string,
    @Body({ schema: redriveBody }) body: z.output<typeof redriveBody>,
  ) {
    const of = idOr(unknownDeadLetter, id);
    return runAnswerOf(await redriveOne(this.parts, call.by, of, body), call);
  }

  @Post(':id/discard')
  @Answers({ status: 200, says: 'It has left the list.', is: discardAnswer, idempotent: true })
  async discard(
    @Call() call: ApiCall,
    @Param('id') id: string,
    @Body({ schema: discardOneBody }) body: z.output<typeof discardOneBody>,
  ) {
    const of = idOr(unknownDeadLetter, id);
    const { count, hasMore, position } = await discardOne(this.parts, call.by, of, body?.note);
    tellPosition(call, 'DISPATCH', position);
    return { count, hasMore };
  }
}

function deadLetterAnswerOf(row: DeadLetterRow): DeadLetterAnswer {
  return {
    id: row.id,
    taskId: row.task_id,
    taskName: row.task_name,
    cause: row.cause as DeadLetterCauseWord,
    attempts: row.attempts,
    error: { code: row.error_code, message: row.error_message },
    diedAt: row.died_at.toISOString(),
    status: row.status as DeadLetterStatusWord,
    ...(row.redriven_by === null ? {} : { redrivenBy: row.redriven_by }),
    ...(row.redrive_id === null ? {} : { redriveId: row.redrive_id }),
    ...(row.resolved_at === null ? {} : { resolvedAt: row.resolved_at.toISOString() }),
    ...(row.resolved_by === null ? {} : { resolvedBy: row.resolved_by }),
    ...(row.note === null ? {} : { note: row.note }),
  };
}
