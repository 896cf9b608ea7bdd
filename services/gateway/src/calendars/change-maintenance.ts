import { type By, type Changed, commandBy, defineIn } from '../commands/carry-out.js';
import { partOfCommand } from '../commands/command-id.js';
import { type DefinitionCommand } from '../commands/commands.js';
import { type GatewayParts } from '../gateway-parts.js';
import { type Caller, ownerIn, scopeOf } from '../identity.js';
import { invalid } from '../problems/problem.js';
import { calendarsOfSchedules } from '../queries/calendars.js';
import { ringingSchedules } from '../queries/dashboard.js';
import { findMaintenance, type MaintenanceRow } from '../queries/maintenance.js';
import { AFTERMATHS } from '../schedules/judge-slots.js';
import {
  type MaintenanceInputShape,
  type MaintenancePreviewInput,
} from '../shapes/calendar-input.js';
import { type ScopeWord } from '../shapes/words.js';
import { type Held, heldBy } from './held-slots.js';

/** What a caller does to maintenances: now or planned, with an end or without, of the account or of all. */

export function planMaintenance(
  parts: GatewayParts,
  by: By,
  { scope = 'account', from, until, aftermath = 'latest', reason = '' }: MaintenanceInputShape,
): Promise<Changed> {
  const range = rangeOf({ from, until }, parts.clock.now());
  return defineFor(parts, by, scope, {
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

export async function endMaintenance(
  parts: GatewayParts,
  by: By,
  maintenanceId: string,
): Promise<Changed> {
  const row = await findMaintenance(parts.db, by.caller.account, maintenanceId);
  return defineFor(parts, by, row === undefined ? 'account' : scopeOf(row), {
    case: 'endMaintenance',
    value: { $typeName: 'task.v1.EndMaintenance', maintenanceId },
  });
}

/** What it would hold. */
export async function previewMaintenance(
  parts: GatewayParts,
  caller: Caller,
  { scope = 'account', from, until, aftermath = 'latest', limit }: MaintenancePreviewInput,
): Promise<Held> {
  const range = rangeOf({ from, until }, parts.clock.now());
  const owner = ownerIn(scope, caller);
  const account = scope === 'account' ? owner : undefined;
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

/** Told to the owner of the scope. */
function defineFor(
  parts: GatewayParts,
  by: By,
  scope: ScopeWord,
  body: DefinitionCommand,
): Promise<Changed> {
  const own = commandBy(parts, by);
  // The same key in the other scope is another command.
  const commandId = scope === 'account' ? own.commandId : partOfCommand(own.commandId, scope);
  const caller = { ...by.caller, account: ownerIn(scope, by.caller) };
  return defineIn(parts, { ...own, commandId, caller }, body);
}
