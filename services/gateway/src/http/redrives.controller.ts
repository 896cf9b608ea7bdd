import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import { cancelRedrive, redriveProgressOf } from '../change-dead-letter.js';
import { type By } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownRedrive } from '../problem.js';
import { findRedrive, listRedrives, type RedriveRow } from '../queries/dead-letters.js';
import { previewRetries } from '../retry-timeline.js';
import {
  type RedriveAnswer,
  redriveAnswer,
  redriveListAnswer,
  retryTimelineAnswer,
} from '../shapes/dead-letter-answers.js';
import { noBody } from '../shapes/requests.js';
import { type RetryPolicyShape, retryPolicyShape } from '../shapes/retry-input.js';
import { AskedBy, idOr } from './asked-by.js';
import { Answers } from './documented.js';
import { tellPosition } from './tell-position.js';

@ApiTags('dead letters')
@Controller('api/scheduler')
export class RedrivesController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Get('redrives')
  @Answers({ status: 200, says: 'Redrives, the newest first.', is: redriveListAnswer })
  async list(@AskedBy() by: By) {
    const rows = await listRedrives(this.#parts.db, by.caller.account);
    return { redrives: rows.map(redriveAnswerOf) };
  }

  @Get('redrives/:id')
  @Answers({ status: 200, says: 'The redrive and its progress.', is: redriveAnswer })
  async read(@AskedBy() by: By, @Param('id') id: string) {
    const of = idOr(unknownRedrive, id);
    const row = await findRedrive(this.#parts.db, by.caller.account, of);
    if (row === undefined) throw unknownRedrive(of);
    return redriveAnswerOf(row);
  }

  @Post('redrives/:id/cancel')
  @HttpCode(200)
  @Answers({
    status: 200,
    says: 'What was started goes on; the rest stays a dead letter.',
    is: redriveAnswer,
    idempotent: true,
  })
  async cancel(
    @AskedBy() by: By,
    @Param('id') id: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { row, position } = await cancelRedrive(this.#parts, by, idOr(unknownRedrive, id));
    tellPosition(reply, 'DISPATCH', position);
    return redriveAnswerOf(row);
  }

  @Post('retry-timeline')
  @HttpCode(200)
  @Answers({ status: 200, says: 'When the retries would come.', is: retryTimelineAnswer })
  timeline(@Body({ schema: retryPolicyShape }) policy: RetryPolicyShape) {
    return { retries: previewRetries(policy) };
  }
}

function redriveAnswerOf(row: RedriveRow): RedriveAnswer {
  return {
    id: row.id,
    status: row.status as RedriveAnswer['status'],
    deadLetters: row.dead_letters,
    perMinute: row.per_minute,
    note: row.note,
    author: row.author,
    progress: redriveProgressOf(row),
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
