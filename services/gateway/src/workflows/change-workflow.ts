import { create, fromBinary, subjects, toBinary, workflow as w } from '#libs/contracts';
import { type By, type Changed, commandBy, define } from '../commands/carry-out.js';
import { sendCommand } from '../commands/send-command.js';
import { type GatewayParts } from '../gateway-parts.js';
import { sentence } from '../problems/plain-text.js';
import { type Fault, invalid } from '../problems/problem.js';
import { rejectedBy } from '../problems/rejection.js';

export interface SavedWorkflow {
  /** Absent: a new one. */
  readonly workflowId?: string;
  /** Absent: that of the document. */
  readonly name?: string | undefined;
  readonly definition: string;
  readonly note?: string | undefined;
  readonly expectedPosition?: number | undefined;
}

/** Everything that is wrong with a definition, each with its place in it. */
export async function checkWorkflow(
  parts: GatewayParts,
  definition: string,
): Promise<{ readonly faults: readonly Fault[]; reference: string; title: string }> {
  const validated = await parts.workflows.validate(definition);
  if (validated.ok) return { ...validated, faults: [] };
  const faults = validated.problems.map(({ code, pointer, message, remedy }) => ({
    path: `/definition${pointer}`,
    code,
    message: sentence(message),
    remedy: sentence(remedy),
  }));
  return { faults, reference: '', title: '' };
}

/** Saves a definition as it was written: runs keep the version that they began with. */
export async function saveWorkflow(
  parts: GatewayParts,
  by: By,
  { workflowId = '', name, definition, note = '', expectedPosition = 0 }: SavedWorkflow,
): Promise<Changed> {
  const { faults, reference, title } = await checkWorkflow(parts, definition);
  if (faults.length > 0) throw invalid([...faults]);
  return define(parts, by, {
    case: 'saveWorkflow',
    value: {
      $typeName: 'task.v1.SaveWorkflow',
      workflowId,
      name: name ?? title,
      source: definition,
      reference,
      note,
      expectedPosition,
    },
  });
}

export function deleteWorkflow(
  parts: GatewayParts,
  by: By,
  workflowId: string,
  expectedPosition = 0,
): Promise<Changed> {
  return define(parts, by, {
    case: 'deleteWorkflow',
    value: { $typeName: 'task.v1.DeleteWorkflow', workflowId, expectedPosition },
  });
}

/** Writes an event into a run. It is in the log when this resolves; gives its sequence in RUNS. */
export async function sendEvent(
  parts: GatewayParts,
  by: By,
  executionId: string,
  event: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { wire, commandId: id } = commandBy(parts, by);
  const { account } = by.caller;
  const filled = { specversion: '1.0', id, source: 'carillon/api', ...event };
  const eventJson = JSON.stringify({ time: new Date(parts.clock.now()).toISOString(), ...filled });
  const command = create(w.SendEventSchema, { id, account, executionId, eventJson });
  const bytes = toBinary(w.SendEventSchema, command);
  const answer = await sendCommand(wire, subjects.runCommand, bytes);
  const { code, message, runSeq } = fromBinary(w.SendEventReplySchema, answer);
  if (code !== '') throw rejectedBy({ code, message, field: '' });
  return runSeq;
}
