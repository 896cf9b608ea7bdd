/**
 * A saved workflow. Each save is a new version, whole; runs refer to the version they were requested
 * with by the position of its commit. That the text is a workflow was looked at by whoever sent it:
 * what makes one fit is a matter of `libs/workflow`, and of no log.
 *
 *   (none) --save--> saved --save--> saved --delete--> deleted
 */
import { create, type WorkflowEvent, workflow as w } from '#libs/contracts';
import { type Decider, type Decision, impossible, reject } from '../decider.js';

export const WORKFLOW_DEFINITION_LIMITS = {
  nameLength: 200,
  noteLength: 500,
  sourceBytes: 262_144,
  referenceLength: 700,
} as const;

export type WorkflowState =
  | { readonly status: 'none' | 'deleted' }
  | {
      readonly status: 'saved';
      readonly version: number;
      readonly name: string;
      readonly source: string;
      readonly reference: string;
    };

export type WorkflowCommand =
  | {
      readonly type: 'save';
      readonly workflowId: string;
      /** False: the command asks for a new one. */
      readonly mustExist: boolean;
      readonly name: string;
      readonly source: string;
      readonly reference: string;
      readonly note: string;
    }
  | {
      readonly type: 'delete';
      /** Names of the tasks that run it. */
      readonly usedBy: readonly string[];
    };

export type WorkflowRejectionCode =
  | 'workflow-unknown'
  | 'workflow-in-use'
  | 'name-invalid'
  | 'note-invalid'
  | 'workflow-invalid';

const USERS_NAMED = 3;

export function decide(
  command: WorkflowCommand,
  state: WorkflowState,
): Decision<WorkflowEvent, WorkflowRejectionCode> {
  switch (command.type) {
    case 'save':
      return save(command, state);
    case 'delete':
      if (state.status === 'none') return reject('workflow-unknown', 'There is no such workflow.');
      if (state.status === 'deleted') return [];
      if (command.usedBy.length > 0) return reject('workflow-in-use', inUse(command.usedBy));
      return [create(w.WorkflowDeletedSchema)];
    default:
      return impossible(command);
  }
}

function inUse(names: readonly string[]): string {
  const shown = names.slice(0, USERS_NAMED).join(', ');
  const more = names.length - USERS_NAMED;
  return `It is run by ${shown}${more > 0 ? ` and ${more} more` : ''}. Delete these tasks first.`;
}

function save(
  command: WorkflowCommand & { type: 'save' },
  state: WorkflowState,
): Decision<WorkflowEvent, WorkflowRejectionCode> {
  const { name, source, reference, note, workflowId } = command;
  const { nameLength, noteLength, sourceBytes, referenceLength } = WORKFLOW_DEFINITION_LIMITS;
  if (state.status === 'deleted' || (state.status === 'none' && command.mustExist))
    return reject('workflow-unknown', 'There is no such workflow.');
  if (name.trim() === '' || name.length > nameLength)
    return reject('name-invalid', `A name has 1 to ${nameLength} characters.`, '/name');
  if (note.length > noteLength)
    return reject('note-invalid', `A note has at most ${noteLength} characters.`, '/note');
  if (source === '' || Buffer.byteLength(source) > sourceBytes)
    return reject(
      'workflow-invalid',
      `A workflow has 1 to ${sourceBytes} bytes of text.`,
      '/definition',
    );
  if (reference === '' || reference.length > referenceLength)
    return reject('workflow-invalid', 'A workflow has a namespace, a name and a version.');
  if (state.status === 'saved' && state.name === name && state.source === source) return [];
  const version = state.status === 'saved' ? state.version + 1 : 1;
  return [create(w.WorkflowSavedSchema, { workflowId, version, name, source, reference, note })];
}

export function evolve(state: WorkflowState, event: WorkflowEvent): WorkflowState {
  switch (event.$typeName) {
    case 'workflow.v1.WorkflowSaved': {
      const { version, name, source, reference } = event;
      return { status: 'saved', version, name, source, reference };
    }
    case 'workflow.v1.WorkflowDeleted':
      return state.status === 'none' ? state : { status: 'deleted' };
    default:
      return impossible(event);
  }
}

export const workflowDecider: Decider<
  WorkflowState,
  WorkflowCommand,
  WorkflowEvent,
  WorkflowRejectionCode
> = { initial: { status: 'none' }, decide, evolve };
