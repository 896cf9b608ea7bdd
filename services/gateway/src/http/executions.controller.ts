import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type z } from 'zod';
import { readWait } from '../capacity/read-wait.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { known, unknownExecution } from '../problems/unknown.js';
import { attemptsOfExecutions, findExecution } from '../queries/executions.js';
import { readLog } from '../queries/logs.js';
import { stepsOfRun } from '../queries/workflows.js';
import { cancelExecution, retryExecution } from '../runs/run-task.js';
import {
  cancelAcceptedAnswer,
  executionDetailsAnswer,
  executionListAnswer,
  logsAnswer,
  runAcceptedAnswer,
} from '../shapes/execution-answers.js';
import {
  cancelBody,
  type ExecutionsQuery,
  executionListQuery,
  logQuery,
  retryBody,
} from '../shapes/requests.js';
import { eventAnswer, eventBody, stepsAnswer } from '../shapes/workflow-shapes.js';
import { sendEvent } from '../workflows/change-workflow.js';
import { type ApiCall, Call, idOr, tellPosition } from './call.js';
import { waitAnswerOf } from './capacity-answers.js';
import { Answers } from './documented.js';
import { executionDetailsOf, runAnswerOf, stepAnswerOf } from './execution-answers.js';
import { executionPageOf } from './execution-pages.js';
import { sendArtifact } from './send-artifact.js';

@ApiTags('executions')
@Controller('api/scheduler/executions')
export class ExecutionsController {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Get()
  @Answers({ status: 200, says: 'Executions, the newest first.', is: executionListAnswer })
  list(@Call() call: ApiCall, @Query({ schema: executionListQuery }) query: ExecutionsQuery) {
    return executionPageOf(this.parts.db, call.account, query);
  }

  @Get(':executionId')
  @Answers({ status: 200, says: 'The execution and its attempts.', is: executionDetailsAnswer })
  async read(@Call() call: ApiCall, @Param('executionId') id: string) {
    const { db } = this.parts;
    const row = await this.#find(call, id);
    const [attempts, wait] = await Promise.all([
      attemptsOfExecutions(db, call.account, [row.id]),
      readWait(this.parts, call.account, row),
    ]);
    const details = executionDetailsOf(row, attempts);
    return wait === null ? details : { ...details, waitingFor: waitAnswerOf(wait) };
  }

  @Get(':executionId/logs')
  @Answers({ status: 200, says: 'Lines in the order of the log.', is: logsAnswer })
  async logs(
    @Call() call: ApiCall,
    @Param('executionId') id: string,
    @Query({ schema: logQuery }) query: z.output<typeof logQuery>,
  ) {
    const { id: executionId } = await this.#find(call, id);
    const page = await readLog(this.parts.db, call.account, { ...query, executionId });
    return {
      executionId,
      logs: page.rows.map((row) => ({
        timestamp: row.at.toISOString(),
        level: row.level,
        message: row.message,
        ...(row.metadata === null ? {} : { metadata: row.metadata }),
        attempt: row.attempt,
        line: row.line,
      })),
      hasMore: page.hasMore,
      ...(page.cursor === null ? {} : { cursor: page.cursor }),
    };
  }

  @Post(':executionId/cancel')
  @Answers({ status: 202, says: 'It will end.', is: cancelAcceptedAnswer, idempotent: true })
  async cancel(
    @Call() call: ApiCall,
    @Param('executionId') id: string,
    @Body({ schema: cancelBody }) body: z.output<typeof cancelBody>,
  ) {
    const executionId = idOr(unknownExecution, id);
    const { position } = await cancelExecution(this.parts, call.by, executionId, body);
    tellPosition(call, 'DISPATCH', position);
    return { executionId, cancelRequested: true as const };
  }

  @Post(':executionId/retry')
  @Answers({
    status: 202,
    says: 'A new execution with the same input, or an edited one, is queued.',
    is: runAcceptedAnswer,
    idempotent: true,
    rateLimited: true,
  })
  async retry(
    @Call() call: ApiCall,
    @Param('executionId') id: string,
    @Body({ schema: retryBody }) body: z.output<typeof retryBody>,
  ) {
    const executionId = idOr(unknownExecution, id);
    const accepted = await retryExecution(this.parts, call.by, executionId, body);
    return runAnswerOf(accepted, call);
  }

  @Get(':executionId/steps')
  @Answers({ status: 200, says: 'Steps of a run of a workflow, in their order.', is: stepsAnswer })
  async steps(@Call() call: ApiCall, @Param('executionId') id: string) {
    const { id: executionId } = await this.#find(call, id);
    const rows = await stepsOfRun(this.parts.db, call.account, executionId);
    return { steps: rows.map(stepAnswerOf) };
  }

  @Post(':executionId/events')
  @Answers({
    status: 202,
    says: 'The event is in the log, and its run knows of it.',
    is: eventAnswer,
    idempotent: true,
  })
  async event(
    @Call() call: ApiCall,
    @Param('executionId') id: string,
    @Body({ schema: eventBody }) body: z.output<typeof eventBody>,
  ) {
    const executionId = idOr(unknownExecution, id);
    return { executionId, position: await sendEvent(this.parts, call.by, executionId, body) };
  }

  @Get(':executionId/artifacts/:attempt/:name')
  @Answers({ status: 200, says: 'The file.' })
  async artifact(
    @Call() call: ApiCall,
    @Param('executionId') id: string,
    @Param('attempt') attempt: string,
    @Param('name') name: string,
  ) {
    const asked = { executionId: idOr(unknownExecution, id), attempt, name };
    return sendArtifact(this.parts, call.by.caller, asked, call.reply);
  }

  async #find({ account }: ApiCall, id: string) {
    const executionId = idOr(unknownExecution, id);
    return known(
      await findExecution(this.parts.db, account, executionId),
      unknownExecution,
      executionId,
    );
  }
}
