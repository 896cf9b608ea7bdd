import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import type { EventLog } from '#libs/event-log';
import { CommandsController } from './commands.controller.js';
import { CLOCK, EVENT_LOG, LOGGER } from './tokens.js';

export interface DefinitionsDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class
export class DefinitionsModule {
  static register({ log, clock, logger }: DefinitionsDeps): DynamicModule {
    return {
      module: DefinitionsModule,
      controllers: [CommandsController],
      providers: [
        { provide: EVENT_LOG, useValue: log },
        { provide: CLOCK, useValue: clock },
        { provide: LOGGER, useValue: logger },
      ],
    };
  }
}
