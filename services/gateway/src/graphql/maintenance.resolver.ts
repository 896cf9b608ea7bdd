import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  endMaintenance,
  planMaintenance,
  previewMaintenance,
  stateOf,
} from '../calendars/change-maintenance.js';
import { type Changed } from '../commands/carry-out.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { scopeOf } from '../identity.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownMaintenance } from '../problems/unknown.js';
import { findMaintenance, listMaintenances, type MaintenanceRow } from '../queries/maintenance.js';
import { maintenanceBody } from '../shapes/calendar-input.js';
import { anId } from './args.js';
import { idOr, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import { reader } from './look-up.js';
import { orProblemReading } from './problem-answers.js';
import {
  Maintenance,
  MaintenanceInput,
  MaintenancePreview,
  MaintenanceResult,
} from './types/maintenance-types.js';

const input = { type: () => MaintenanceInput } as const;

@Resolver()
export class MaintenanceResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => [Maintenance], { description: 'The latest first.' })
  async maintenances(@Context() { caller }: OperationContext) {
    const nowMs = this.parts.clock.now();
    const rows = await listMaintenances(this.parts.db, caller.account);
    return rows.map((row) => maintenanceView(row, nowMs));
  }

  @Query(() => MaintenancePreview)
  previewMaintenance(
    @Context() { caller }: OperationContext,
    @Args('input', input) asked: MaintenanceInput,
  ): Promise<MaintenancePreview> {
    const { reason: _, ...range } = parseOrRefuse(maintenanceBody, withoutNulls(asked));
    return previewMaintenance(this.parts, caller, range);
  }

  @Mutation(() => MaintenanceResult)
  planMaintenance(
    @Context() context: OperationContext,
    @Args('input', input) asked: MaintenanceInput,
  ) {
    return this.#changed(context, async () => {
      const body = parseOrRefuse(maintenanceBody, withoutNulls(asked));
      return planMaintenance(this.parts, byOf(context), body);
    });
  }

  @Mutation(() => MaintenanceResult)
  endMaintenance(@Context() context: OperationContext, @Args('id', anId) maintenanceId: string) {
    return this.#changed(context, async () =>
      endMaintenance(this.parts, byOf(context), idOr(unknownMaintenance, maintenanceId)),
    );
  }

  #changed(context: OperationContext, change: () => Promise<Changed>) {
    const view = (row: MaintenanceRow) => maintenanceView(row, this.parts.clock.now());
    const kind = { find: findMaintenance, view, unknown: unknownMaintenance };
    return orProblemReading(this.parts, change, reader(this.parts, context, kind));
  }
}

function maintenanceView(row: MaintenanceRow, nowMs: number): Maintenance {
  return Object.assign(new Maintenance(), {
    __typename: 'Maintenance',
    id: row.id,
    scope: scopeOf(row),
    from: row.from_at,
    until: row.until_at,
    aftermath: row.aftermath,
    reason: row.reason,
    state: stateOf(row, nowMs),
    plannedAt: row.planned_at,
    author: row.author,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
  });
}
