import { describe, expect, test } from '@jest/globals';
import { isRejection } from '../decider.js';
import { type WorkflowCommand, type WorkflowState, workflowDecider } from './workflow.js';

const { initial, decide, evolve } = workflowDecider;

const save = (given: Partial<WorkflowCommand & { type: 'save' }> = {}): WorkflowCommand => ({
  type: 'save',
  workflowId: 'w1',
  mustExist: false,
  name: 'Order',
  source: 'do: []',
  reference: 'shop/order:1.0.0',
  note: '',
  ...given,
});

function led(...commands: readonly WorkflowCommand[]): WorkflowState {
  return commands.reduce((state, command) => {
    const decided = decide(command, state);
    return isRejection(decided) ? state : decided.reduce(evolve, state);
  }, initial);
}

function refusal(command: WorkflowCommand, state: WorkflowState): string | undefined {
  const decided = decide(command, state);
  return isRejection(decided) ? decided.rejected : undefined;
}

describe('a save', () => {
  test('makes a version each time that something is another', () => {
    const again = save({ mustExist: true, source: 'do: [{}]' });
    expect(led(save(), again)).toMatchObject({ status: 'saved', version: 2, source: 'do: [{}]' });
    expect(decide(again, led(save(), again))).toEqual([]);
  });

  test('of one that is not there is refused, unless it is new', () => {
    expect(refusal(save({ mustExist: true }), initial)).toBe('workflow-unknown');
    expect(refusal(save(), led(save(), { type: 'delete', usedBy: [] }))).toBe('workflow-unknown');
  });

  test.each<[string, string, Partial<WorkflowCommand & { type: 'save' }>]>([
    ['a blank name', 'name-invalid', { name: ' ' }],
    ['a long note', 'note-invalid', { note: 'x'.repeat(501) }],
    ['no text', 'workflow-invalid', { source: '' }],
    ['too much text', 'workflow-invalid', { source: 'x'.repeat(262_145) }],
    ['no reference', 'workflow-invalid', { reference: '' }],
  ])('with %s is refused', (_, code, given) => {
    expect(refusal(save(given), initial)).toBe(code);
  });
});

describe('a deletion', () => {
  test('is refused while tasks run it, and names them', () => {
    const usedBy = ['a', 'b', 'c', 'd'];
    expect(decide({ type: 'delete', usedBy }, led(save()))).toMatchObject({
      rejected: 'workflow-in-use',
      message: 'It is run by a, b, c and 1 more. Delete these tasks first.',
    });
  });

  test('that comes again changes nothing', () => {
    const gone = led(save(), { type: 'delete', usedBy: [] });
    expect(gone.status).toBe('deleted');
    expect(decide({ type: 'delete', usedBy: [] }, gone)).toEqual([]);
  });
});
