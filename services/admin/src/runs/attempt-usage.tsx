import type { AttemptRow } from '../graphql/fragments.js';
import { formatBytes, formatCost, formatCount } from '../numbers.js';
import { formatDuration } from '../time/time.js';
import { isolationLabel } from '../words.js';
import { messages } from './messages.js';
import { usageOf } from './usage.js';
import classes from './waits.module.css';

/** What an attempt took and cost, in one line, and each outside API that it paid for. */
export function AttemptUsage({ attempt }: { attempt: AttemptRow }) {
  const usage = usageOf(attempt.usage);
  const { cost } = attempt;
  const facts = [
    usage.processStartMs && messages.processStart(formatDuration(usage.processStartMs)),
    usage.cpuMs && messages.cpu(formatDuration(usage.cpuMs)),
    usage.peakMemoryBytes && messages.memory(formatBytes(usage.peakMemoryBytes)),
    usage.peakDiskBytes && messages.disk(formatBytes(usage.peakDiskBytes)),
    usage.logLinesDropped && messages.dropped(formatCount(usage.logLinesDropped)),
    usage.isolation && messages.heldBy(isolationLabel(usage.isolation)),
    cost && cost.total > 0 && messages.costs(formatCost(cost.total, cost.currency)),
  ].filter((fact) => typeof fact === 'string');
  if (facts.length === 0 && usage.apiCosts.length === 0) return null;
  return (
    <>
      <p className={classes.usage}>{facts.join(' · ')}</p>
      {usage.apiCosts.length > 0 ? (
        <ul className={classes.usage} aria-label={messages.apiCosts}>
          {usage.apiCosts.map(({ amount, note }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what was paid for is known by its place
            <li key={place}>
              <span className="num">{formatCost(amount, cost?.currency ?? null)}</span> {note}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
