import { cutBefore, type HistoryEvent, JqThread, Run, readWorkflow, stepKey } from '#libs/workflow';
import type { Channel } from '../channel.js';
import type { RunMessage, Thought, WorkflowJob } from './workflow-job.js';

/** Folds what it is told, and says what is to be done, until it is stopped. */
export async function think(
  job: WorkflowJob,
  { channel, messages }: { channel: Channel; messages: AsyncIterable<RunMessage> },
): Promise<void> {
  await using jq = new JqThread();
  const source = { workflow: readWorkflow(job.source), start: job.start, jq };
  const history: HistoryEvent[] = [];
  const run = new Run(source);
  let open = new Set<string>();
  const thoughtOf = (nowMs: number): Thought => {
    const { commands, ...advance } = run.next(nowMs);
    const keys = new Set(commands.map(({ step }) => stepKey(step)));
    const opened = commands.filter(({ step }) => !open.has(stepKey(step)));
    const closed = [...open].filter((key) => !keys.has(key));
    open = keys;
    return { ...advance, opened, closed };
  };
  for await (const message of messages) {
    switch (message.type) {
      case 'tell':
        history.push(...message.facts);
        for (const fact of message.facts) run.apply(fact);
        break;
      case 'next':
        channel.send({ type: 'thought', thought: thoughtOf(message.nowMs) });
        break;
      case 'cut': {
        const { done } = run.next(message.nowMs);
        const failedAt = done?.outcome === 'faulted' ? done.step : undefined;
        const before = message.before ?? failedAt;
        const facts = before === undefined ? history : cutBefore(source, history, before);
        const thought = { facts, opened: [], closed: [], strays: 0 };
        channel.send({
          type: 'thought',
          thought: { ...thought, ...(before && { cutBefore: before }) },
        });
        break;
      }
    }
  }
}
