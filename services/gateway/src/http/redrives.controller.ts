import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownRedrive } from '../problems/unknown.js';
import { findRedrive, listRedrives, type RedriveRow } from '../queries/dead-letters.js';
import { cancelRedrive, redriveProgressOf } from '../runs/change-dead-letter.js';
import { previewRetries } from '../runs/retry-timeline.js';
import {
  type RedriveAnswer,
  redriveAnswer,
  redriveListAnswer,
  retryTimelineAnswer,
} from '../shapes/dead-letter-answers.js';
import { noBody } from '../shapes/requests.js';
import { type RetryPolicyShape, retryPolicyShape } from '../shapes/retry-input.js';
import { type ApiCall, Call, idOr, tellPosition } from './call.js';
import { Answers } from './documented.js';
import { type Resource, tell } from './resource.js';

const redrives: Resource<RedriveRow, RedriveAnswer> = {
  collection: 'redrives',
  unknown: unknownRedrive,
  find: ({ db }, account, id) => findRedrive(db, account, id),
  answer: redriveAnswerOf,
};

@ApiTags('dead letters')
@Controller('api/scheduler')
export class RedrivesController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get('redrives')
  @Answers({ status: 200, says: 'Redrives, the newest first.', is: redriveListAnswer })
  async list(@Call() { account }: ApiCall) {
    return { redrives: (await listRedrives(this.parts.db, account)).map(redriveAnswerOf) };
  }

  @Get('redrives/:id')
  @Answers({ status: 200, says: 'The redrive and its progress.', is: redriveAnswer })
  read(@Call() call: ApiCall, @Param('id') id: string) {
    return tell(this.parts, redrives, call, id);
  }

  @Post('redrives/:id/cancel')
  @Answers({
    status: 200,
    says: 'What was started goes on; the rest stays a dead letter.',
    is: redriveAnswer,
    idempotent: true,
  })
  async cancel(
    @Call() call: ApiCall,
    @Param('id') id: string,
    @Body({ schema: noBody }) _body: z.output<typeof noBody>,
  ) {
    const { row, position } = await cancelRedrive(this.parts, call.by, idOr(unknownRedrive, id));
    tellPosition(call, 'DISPATCH', position);
    return redriveAnswerOf(row);
  }

  @Post('retry-timeline')
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
