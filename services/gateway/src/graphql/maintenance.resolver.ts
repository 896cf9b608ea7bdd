import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  endMaintenance,
  planMaintenance,
  previewMaintenance,
  stateOf,
} from '../change-maintenance.js';
import { type Changed } from '../change-task.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { scopeOf } from '../identity.js';
import { notReadableYet, unknownMaintenance } from '../problem.js';
import { findMaintenance, listMaintenances, type MaintenanceRow } from '../queries/maintenance.js';
import { maintenanceBody } from '../shapes/calendar-input.js';
import { isId, withoutNulls } from './arguments.js';
import { byOf } from './by.js';
import { type OperationContext } from './context.js';
import {
  Maintenance,
  MaintenanceInput,
  MaintenancePreview,
  MaintenanceResult,
} from './maintenance-types.js';
import { orProblem } from './problem-answers.js';

const input = { type: () => MaintenanceInput } as const;

@Resolver()
export class MaintenanceResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => [Maintenance], { description: 'The latest first.' })
  async maintenances(@Context() { caller }: OperationContext) {
    const nowMs = this.#parts.clock.now();
    const rows = await listMaintenances(this.#parts.db, caller.account);
    return rows.map((row) => maintenanceView(row, nowMs));
  }

  @Query(() => MaintenancePreview)
  previewMaintenance(
    @Context() { caller }: OperationContext,
    @Args('input', input) asked: MaintenanceInput,
  ): Promise<MaintenancePreview> {
    const { reason: _, ...range } = parseOrRefuse(maintenanceBody, withoutNulls(asked));
    return previewMaintenance(this.#parts, caller, range);
  }

  @Mutation(() => MaintenanceResult)
  planMaintenance(
    @Context() context: OperationContext,
    @Args('input', input) asked: MaintenanceInput,
  ) {
    return this.#changed(context, () => {
      const body = parseOrRefuse(maintenanceBody, withoutNulls(asked));
      return planMaintenance(this.#parts, byOf(context), body);
    });
  }

  @Mutation(() => MaintenanceResult)
  endMaintenance(
    @Context() context: OperationContext,
    @Args('id', { type: () => ID }) maintenanceId: string,
  ) {
    return this.#changed(context, () => {
      if (!isId(maintenanceId)) throw unknownMaintenance(maintenanceId);
      return endMaintenance(this.#parts, byOf(context), maintenanceId);
    });
  }

  #changed(context: OperationContext, change: () => Promise<Changed>) {
    return orProblem(this.#parts.log, async () => {
      const { id, position, isReadable } = await change();
      if (!isReadable) throw notReadableYet(position);
      const row = await findMaintenance(this.#parts.db, context.caller.account, id);
      if (row === undefined) throw unknownMaintenance(id);
      return maintenanceView(row, this.#parts.clock.now());
    });
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
