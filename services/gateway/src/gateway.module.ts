import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { buildParts, startParts, stopParts } from './build-parts.js';
import { GATEWAY, type GatewayDeps, type GatewayParts } from './gateway-parts.js';
import { resolvers } from './graphql/schema.js';
import { apolloOptions } from './graphql/server/apollo.js';
import { AutomationsController } from './http/automations.controller.js';
import { BackfillsController } from './http/backfills.controller.js';
import { CalendarsController } from './http/calendars.controller.js';
import { DashboardController } from './http/dashboard.controller.js';
import { DeadLettersController } from './http/dead-letters.controller.js';
import { ExecutionsController } from './http/executions.controller.js';
import { LimitsController } from './http/limits.controller.js';
import { MaintenanceController } from './http/maintenance.controller.js';
import { PoolsController } from './http/pools.controller.js';
import { RedrivesController } from './http/redrives.controller.js';
import { SchedulesController } from './http/schedules.controller.js';
import { ProblemFilter } from './http/server/problem-filter.js';
import { SchemaPipe } from './http/server/schema-pipe.js';
import { SlotsController } from './http/slots.controller.js';
import { TaskRunsController } from './http/task-runs.controller.js';
import { TasksController } from './http/tasks.controller.js';
import { WorkflowsController } from './http/workflows.controller.js';

/** Begins to listen to notices and heartbeats, and ends with the application. */
@Injectable()
class LiveParts implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  onApplicationBootstrap(): void {
    startParts(this.#parts);
  }

  onApplicationShutdown(): Promise<void> {
    return stopParts(this.#parts);
  }
}

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class
export class GatewayModule {
  static register(deps: GatewayDeps): DynamicModule {
    const parts = buildParts(deps);
    return {
      module: GatewayModule,
      imports: [GraphQLModule.forRoot(apolloOptions(parts))],
      controllers: [
        TasksController,
        TaskRunsController,
        ExecutionsController,
        DashboardController,
        AutomationsController,
        WorkflowsController,
        SchedulesController,
        SlotsController,
        BackfillsController,
        DeadLettersController,
        RedrivesController,
        CalendarsController,
        MaintenanceController,
        PoolsController,
        LimitsController,
      ],
      providers: [
        { provide: GATEWAY, useValue: parts },
        { provide: APP_FILTER, useValue: new ProblemFilter(parts.log) },
        { provide: APP_PIPE, useClass: SchemaPipe },
        LiveParts,
        ...resolvers,
      ],
    };
  }
}
