/**
 * A saved browser automation. Each save is a new version, whole; runs refer to the version they were
 * requested with by the position of its commit.
 *
 *   (none) --save--> saved --save--> saved --delete--> deleted
 */
import { type AutomationEvent, automation as a, create } from '#libs/contracts';
import { type Decider, type Decision, impossible, reject } from '../decider.js';

export const AUTOMATION_LIMITS = { nameLength: 200, flowBytes: 262_144 } as const;

export type AutomationState =
  | { readonly status: 'none' | 'deleted' }
  | {
      readonly status: 'saved';
      readonly version: number;
      readonly name: string;
      readonly flowJson: string;
    };

export type AutomationCommand =
  | {
      readonly type: 'save';
      readonly automationId: string;
      /** False: the command asks for a new one. */
      readonly mustExist: boolean;
      readonly name: string;
      readonly flowJson: string;
    }
  | { readonly type: 'delete' };

export type AutomationRejectionCode = 'automation-unknown' | 'name-invalid' | 'flow-invalid';

export function decide(
  command: AutomationCommand,
  state: AutomationState,
): Decision<AutomationEvent, AutomationRejectionCode> {
  switch (command.type) {
    case 'save':
      return save(command, state);
    case 'delete':
      if (state.status === 'none')
        return reject('automation-unknown', 'There is no such automation.');
      return state.status === 'deleted' ? [] : [create(a.AutomationDeletedSchema)];
    default:
      return impossible(command);
  }
}

function save(
  command: AutomationCommand & { type: 'save' },
  state: AutomationState,
): Decision<AutomationEvent, AutomationRejectionCode> {
  const { name, flowJson, automationId } = command;
  if (state.status === 'deleted' || (state.status === 'none' && command.mustExist))
    return reject('automation-unknown', 'There is no such automation.');
  if (name.trim() === '' || name.length > AUTOMATION_LIMITS.nameLength)
    return reject(
      'name-invalid',
      `A name has 1 to ${AUTOMATION_LIMITS.nameLength} characters.`,
      '/name',
    );
  if (!isJsonObject(flowJson) || Buffer.byteLength(flowJson) > AUTOMATION_LIMITS.flowBytes)
    return reject(
      'flow-invalid',
      `A flow is a JSON object of at most ${AUTOMATION_LIMITS.flowBytes} bytes.`,
      '/flow',
    );
  if (state.status === 'saved' && state.name === name && state.flowJson === flowJson) return [];
  const version = state.status === 'saved' ? state.version + 1 : 1;
  return [create(a.AutomationSavedSchema, { automationId, version, name, flowJson })];
}

function isJsonObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function evolve(state: AutomationState, event: AutomationEvent): AutomationState {
  switch (event.$typeName) {
    case 'automation.v1.AutomationSaved':
      return {
        status: 'saved',
        version: event.version,
        name: event.name,
        flowJson: event.flowJson,
      };
    case 'automation.v1.AutomationDeleted':
      return state.status === 'none' ? state : { status: 'deleted' };
    default:
      return impossible(event);
  }
}

export const automationDecider: Decider<
  AutomationState,
  AutomationCommand,
  AutomationEvent,
  AutomationRejectionCode
> = { initial: { status: 'none' }, decide, evolve };
