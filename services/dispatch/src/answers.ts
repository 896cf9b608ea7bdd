import { create, dispatch as d } from '#libs/contracts';
import type { CommandAnswer } from '#libs/domain';
import type { PendingCommand } from './inbox.js';

export function rejected(code: string, message: string, field = ''): d.CommandReply {
  return create(d.CommandReplySchema, {
    result: { case: 'rejected', value: { code, message, field } },
  });
}

/** Answers each command; `position` is the journal's end, from which on the effect can be read. */
export function answerAll(
  commands: readonly PendingCommand[],
  answers: readonly CommandAnswer[],
  position: number,
): void {
  for (const [place, { answer }] of commands.entries()) {
    const decided = answers[place];
    if (decided !== undefined) answer(replyOf(decided, position));
  }
}

function replyOf(answer: CommandAnswer, position: number): d.CommandReply {
  if (!answer.accepted) return rejected(answer.code, answer.message, answer.field);
  const { executionId, queuePosition, estimatedStartMs } = answer;
  return create(d.CommandReplySchema, {
    result: {
      case: 'accepted',
      value: { executionId, position, queuePosition, estimatedStartMs },
    },
  });
}
