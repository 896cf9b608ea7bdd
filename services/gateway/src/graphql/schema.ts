import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { BackfillResolver } from './backfill.resolver.js';
import { CalendarResolver } from './calendar.resolver.js';
import { CapacityResolver } from './capacity.resolver.js';
import { DeadLetterResolver } from './dead-letter.resolver.js';
import { ExecutionResolver } from './execution.resolver.js';
import { MaintenanceResolver } from './maintenance.resolver.js';
import { OverviewResolver } from './overview.resolver.js';
import { QueueResolver } from './queue.resolver.js';
import { RedriveResolver } from './redrive.resolver.js';
import { ScheduleResolver } from './schedule.resolver.js';
import { SlotResolver } from './slot.resolver.js';
import { TaskResolver } from './task.resolver.js';
import { TaskChangesResolver } from './task-changes.resolver.js';
import { WorkflowResolver } from './workflow.resolver.js';

export const resolvers = [
  TaskResolver,
  TaskChangesResolver,
  ScheduleResolver,
  ExecutionResolver,
  SlotResolver,
  BackfillResolver,
  DeadLetterResolver,
  RedriveResolver,
  WorkflowResolver,
  CalendarResolver,
  MaintenanceResolver,
  CapacityResolver,
  QueueResolver,
  OverviewResolver,
];

/** The schema as text, without a server, a broker or a database. */
export async function printedSchema(): Promise<string> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, {
    logger: false,
  });
  try {
    const schema = await app.get(GraphQLSchemaFactory).create(resolvers);
    return `${printSchema(lexicographicSortSchema(schema))}\n`;
  } finally {
    await app.close();
  }
}
