import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { type z } from 'zod';
import { type By } from '../change-task.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { unknownExecution } from '../problem.js';
import { attemptsOfExecutions, findExecution, listExecutions } from '../queries/executions.js';
import { readLog } from '../queries/logs.js';
import { readLogCursor } from '../queries/page.js';
import { readWait } from '../read-wait.js';
import { cancelExecution, retryExecution } from '../run-task.js';
import {
  cancelAcceptedAnswer,
  executionDetailsAnswer,
  executionListAnswer,
  logsAnswer,
  runAcceptedAnswer,
} from '../shapes/answers.js';
import {
  cancelBody,
  type ExecutionsQuery,
  executionListQuery,
  logQuery,
  retryBody,
} from '../shapes/requests.js';
import { AskedBy, idOr } from './asked-by.js';
import { waitAnswerOf } from './capacity-answers.js';
import { Answers } from './documented.js';
import { executionDetailsOf, runAnswerOf } from './execution-answers.js';
import { executionPageOf } from './execution-pages.js';
import { sendArtifact } from './send-artifact.js';
import { tellPosition } from './tell-position.js';

@ApiTags('executions')
@Controller('api/scheduler/executions')
export class ExecutionsController {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Get()
  @Answers({ status: 200, says: 'Executions, the newest first.', is: executionListAnswer })
  list(@AskedBy() by: By, @Query({ schema: executionListQuery }) query: ExecutionsQuery) {
    return executionPageOf(query, (filter, window) =>
      listExecutions(this.#parts.db, by.caller.account, filter, window),
    );
  }

  @Get(':executionId')
  @Answers({ status: 200, says: 'The execution and its attempts.', is: executionDetailsAnswer })
  async read(@AskedBy() by: By, @Param('executionId') id: string) {
    const { db } = this.#parts;
    const row = await this.#find(by, id);
    const [attempts, wait] = await Promise.all([
      attemptsOfExecutions(db, by.caller.account, [row.id]),
      readWait(this.#parts, by.caller, row),
    ]);
    const details = executionDetailsOf(row, attempts);
    return wait === null ? details : { ...details, waitingFor: waitAnswerOf(wait) };
  }

  @Get(':executionId/logs')
  @Answers({ status: 200, says: 'Lines in the order of the log.', is: logsAnswer })
  async logs(
    @AskedBy() by: By,
    @Param('executionId') id: string,
    @Query({ schema: logQuery }) query: z.output<typeof logQuery>,
  ) {
    const { id: executionId } = await this.#find(by, id);
    const after = query.after === undefined ? undefined : readLogCursor(query.after);
    const page = await readLog(this.#parts.db, by.caller.account, { ...query, executionId, after });
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
  @HttpCode(202)
  @Answers({ status: 202, says: 'It will end.', is: cancelAcceptedAnswer, idempotent: true })
  async cancel(
    @AskedBy() by: By,
    @Param('executionId') id: string,
    @Body({ schema: cancelBody }) body: z.output<typeof cancelBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const executionId = idOr(unknownExecution, id);
    const { position } = await cancelExecution(this.#parts, by, executionId, body);
    tellPosition(reply, 'DISPATCH', position);
    return { executionId, cancelRequested: true as const };
  }

  @Post(':executionId/retry')
  @HttpCode(202)
  @Answers({
    status: 202,
    says: 'A new execution with the same input, or an edited one, is queued.',
    is: runAcceptedAnswer,
    idempotent: true,
  })
  async retry(
    @AskedBy() by: By,
    @Param('executionId') id: string,
    @Body({ schema: retryBody }) body: z.output<typeof retryBody>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const executionId = idOr(unknownExecution, id);
    const accepted = await retryExecution(this.#parts, by, executionId, body?.parameters);
    return runAnswerOf(accepted, reply);
  }

  @Get(':executionId/artifacts/:attempt/:name')
  @Answers({ status: 200, says: 'The file.' })
  async artifact(
    @AskedBy() by: By,
    @Param('executionId') id: string,
    @Param('attempt') attempt: string,
    @Param('name') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asked = { executionId: idOr(unknownExecution, id), attempt, name };
    return sendArtifact(this.#parts, by.caller, asked, reply);
  }

  async #find(by: By, id: string) {
    const executionId = idOr(unknownExecution, id);
    const row = await findExecution(this.#parts.db, by.caller.account, executionId);
    if (row === undefined) throw unknownExecution(executionId);
    return row;
  }
}
