import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import { discardMany, discardOne, redriveOne, startRedrive } from '../change-dead-letter.js';
import { type By } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownDeadLetter } from '../problem.js';
import { type DeadLetterRow, findDeadLetter, listDeadLetters } from '../queries/dead-letters.js';
import { attemptsOfExecutions, findExecution } from '../queries/executions.js';
import { readTimeCursor } from '../queries/page.js';
import { runAcceptedAnswer } from '../shapes/answers.js';
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
import { type DeadLetterCauseWord, type DeadLetterStatusWord } from '../shapes/words.js';
import { AskedBy, idOr } from './asked-by.js';
import { Answers } from './documented.js';
import { executionDetailsOf, runAnswerOf } from './execution-answers.js';
import { paginationOf } from './pagination.js';
import { tellPosition } from './tell-position.js';

@ApiTags('dead letters')
@Controller('api/scheduler/dead-letters')
export class DeadLettersController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Get()
  @Answers({ status: 200, says: 'Dead letters, the latest first.', is: deadLetterListAnswer })
  async list(
    @AskedBy() by: By,
    @Query({ schema: deadLetterListQuery }) query: DeadLetterListQuery,
  ) {
    const { limit, offset, after, status = ['open'], ...filter } = query;
    const page = await listDeadLetters(
      this.#parts.db,
      by.caller.account,
      { ...filter, status },
      { limit, offset, ...(after === undefined ? {} : { after: readTimeCursor(after) }) },
    );
    return {
      deadLetters: page.rows.slice(0, limit).map(deadLetterAnswerOf),
      pagination: paginationOf(page, { limit, offset }, (row) => ({
        key: row.died_at.getTime(),
        id: row.id,
      })),
    };
  }

  @Get(':id')
  @Answers({
    status: 200,
    says: 'The dead letter, its input and its attempts.',
    is: deadLetterDetailsAnswer,
  })
  async read(@AskedBy() by: By, @Param('id') id: string) {
    const { db } = this.#parts;
    const { account } = by.caller;
    const row = await findDeadLetter(db, account, idOr(unknownDeadLetter, id));
    if (row === undefined) throw unknownDeadLetter(id);
    const execution = await findExecution(db, account, row.id);
    const attempts = await attemptsOfExecutions(db, account, [row.id]);
    const details = execution === undefined ? null : executionDetailsOf(execution, attempts);
    return { ...deadLetterAnswerOf(row), execution: details };
  }

  @Post('redrive')
  @HttpCode(202)
  @Answers({
    status: 202,
    says: 'They are run again, so many a minute; a dry run only counts them.',
    is: redrivePlanAnswer,
    idempotent: true,
  })
  async redriveMany(
    @AskedBy() by: By,
    @Body({ schema: startRedriveBody }) body: StartRedriveBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { redriveId, count, hasMore, position } = await startRedrive(this.#parts, by, body);
    if (redriveId === null) reply.status(200);
    else {
      tellPosition(reply, 'DISPATCH', position);
      reply.header('location', `/api/scheduler/redrives/${redriveId}`);
    }
    return { redriveId, count, hasMore };
  }

  @Post('discard')
  @HttpCode(200)
  @Answers({
    status: 200,
    says: 'They have left the list; a dry run only counts them.',
    is: discardAnswer,
    idempotent: true,
  })
  async discardMany(
    @AskedBy() by: By,
    @Body({ schema: discardBody }) body: DiscardBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { count, hasMore, position } = await discardMany(this.#parts, by, body);
    if (position > 0) tellPosition(reply, 'DISPATCH', position);
    return { count, hasMore };
  }

  @Post(':id/redrive')
  @HttpCode(202)
  @Answers({
    status: 202,
    says: 'A new execution with its input, or an edited one, is queued.',
    is: runAcceptedAnswer,
    idempotent: true,
  })
  async redrive(
    @AskedBy() by: By,
    @Param('id') id: string,
    @Body({ schema: redriveBody }) body: z.output<typeof redriveBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return runAnswerOf(await redriveOne(this.#parts, by, idOr(unknownDeadLetter, id), body), reply);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Answers({ status: 200, says: 'It has left the list.', is: discardAnswer, idempotent: true })
  async discard(
    @AskedBy() by: By,
    @Param('id') id: string,
    @Body({ schema: discardOneBody }) body: z.output<typeof discardOneBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const of = idOr(unknownDeadLetter, id);
    const { count, hasMore, position } = await discardOne(this.#parts, by, of, body?.note);
    tellPosition(reply, 'DISPATCH', position);
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
