import { type By, type Changed } from './change-task.js';
import { type DefinitionCommand, defineBy } from './commands.js';
import { commandBy, type GatewayParts, visible } from './gateway-parts.js';
import { type Held, heldBy } from './held-slots.js';
import { type Caller } from './identity.js';
import { AFTERMATHS } from './judge-slots.js';
import { invalid } from './problem.js';
import { calendarsOfSchedules } from './queries/calendars.js';
import { ringingSchedules } from './queries/dashboard.js';
import { type MaintenanceRow } from './queries/maintenance.js';
import {
  type MaintenanceInputShape,
  type MaintenancePreviewInput,
} from './shapes/calendar-input.js';

/** What a caller does to maintenances: now or planned, with an end or without. */

export function planMaintenance(
  parts: GatewayParts,
  by: By,
  { from, until, aftermath = 'latest', reason = '' }: MaintenanceInputShape,
): Promise<Changed> {
  const range = rangeOf({ from, until }, parts.clock.now());
  return define(parts, by, {
    case: 'planMaintenance',
    value: {
      $typeName: 'task.v1.PlanMaintenance',
      // What nobody named begins when it is decided.
      fromMs: from === undefined ? 0 : range.fromMs,
      untilMs: range.untilMs ?? 0,
      aftermath: AFTERMATHS[aftermath] ?? 0,
      reason,
    },
  });
}

export function endMaintenance(
  parts: GatewayParts,
  by: By,
  maintenanceId: string,
): Promise<Changed> {
  return define(parts, by, {
    case: 'endMaintenance',
    value: { $typeName: 'task.v1.EndMaintenance', maintenanceId },
  });
}

/** What it would hold. */
export async function previewMaintenance(
  parts: GatewayParts,
  { account }: Caller,
  { from, until, aftermath = 'latest', limit }: MaintenancePreviewInput,
): Promise<Held> {
  const range = rangeOf({ from, until }, parts.clock.now());
  const schedules = await ringingSchedules(parts.db, account);
  const calendars = await calendarsOfSchedules(parts.db, account, schedules);
  return heldBy({ schedules, calendars, ...range, aftermath, ...(limit ? { limit } : {}) });
}

function rangeOf(
  { from, until }: { from?: string; until?: string },
  nowMs: number,
): { fromMs: number; untilMs: number | undefined } {
  // What was before it is told is not undone by it.
  const fromMs = from === undefined ? nowMs : Math.max(nowMs, Date.parse(from));
  const untilMs = until === undefined ? undefined : Date.parse(until);
  if (untilMs === undefined || untilMs > fromMs) return { fromMs, untilMs };
  throw invalid([
    {
      path: '/until',
      code: 'bad-range',
      message: 'It ends before it begins, or is over already.',
      remedy: 'Give a later end, or none.',
    },
  ]);
}

/** Where it stands in time: whoever ended it, ended it. */
export function stateOf(row: MaintenanceRow, nowMs: number): 'planned' | 'active' | 'over' {
  const until = row.ended_at ?? row.until_at;
  if (until !== null && until.getTime() <= nowMs) return 'over';
  return row.from_at.getTime() <= nowMs ? 'active' : 'planned';
}

async function define(parts: GatewayParts, by: By, body: DefinitionCommand): Promise<Changed> {
  const { id, position } = await defineBy(commandBy(parts, by.caller, by.idempotencyKey), body);
  return { id, position, isReadable: await visible(parts, by.caller, 'DEFINITIONS', position) };
}
