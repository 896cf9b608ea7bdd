import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import { fromBinary, subjects, task, toBinary } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import { LogUnavailable } from '#libs/event-log';
import { inSpan, traceOfParent } from '#libs/runtime';
import { onCommand, rejection } from './on-command.js';
import { CLOCK, EVENT_LOG, LOGGER } from './tokens.js';

/** The one door for commands to the definitions; any replica may answer. */
@Controller()
export class CommandsController {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#log = log;
    this.#clock = clock;
    this.#logger = logger;
  }

  @MessagePattern(subjects.definitionCommand)
  async command(@Payload() bytes: Uint8Array): Promise<Uint8Array> {
    return toBinary(task.CommandReplySchema, await this.#answer(bytes));
  }

  async #answer(bytes: Uint8Array): Promise<task.CommandReply> {
    let command: task.Command;
    try {
      command = fromBinary(task.CommandSchema, bytes);
    } catch {
      return rejection('command-invalid', 'These bytes are not a command.');
    }
    const name = `definition ${command.body.case ?? 'unknown'}`;
    try {
      return await inSpan(name, { within: traceOfParent(command.traceparent) }, () =>
        onCommand(this.#log, this.#clock, command),
      );
    } catch (error) {
      this.#logger.error(
        { err: error, commandId: command.id },
        'a command could not be carried out',
      );
      return error instanceof LogUnavailable
        ? rejection('log-unavailable', 'The event log does not answer. Try again.')
        : rejection('internal', 'The command could not be carried out.');
    }
  }
}
