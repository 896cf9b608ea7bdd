import { NumberInput, Select } from '@mantine/core';
import { formatDuration } from '../time/time.js';
import { type Priority, priorities, priorityLabel } from '../words.js';
import { type Draft, type Problem, problemAt, retryDelays } from './draft.js';
import classes from './form.module.css';
import { messages } from './messages.js';

interface SettingsFieldsProps {
  draft: Draft;
  problems: readonly Problem[];
  onChange: (change: Partial<Draft>) => void;
}

type NumberField =
  | 'timeout'
  | 'maxRetries'
  | 'initialDelay'
  | 'backoffMultiplier'
  | 'maxDelay'
  | 'concurrencyLimit'
  | 'pauseAfterFailures';

const at: Record<NumberField, string> = {
  timeout: '/settings/timeout',
  maxRetries: '/settings/retryPolicy/maxRetries',
  initialDelay: '/settings/retryPolicy/initialDelay',
  backoffMultiplier: '/settings/retryPolicy/backoffMultiplier',
  maxDelay: '/settings/retryPolicy/maxDelay',
  concurrencyLimit: '/settings/concurrencyLimit',
  pauseAfterFailures: '/settings/pauseAfterFailures',
};

export function SettingsFields({ draft, problems, onChange }: SettingsFieldsProps) {
  const field = (name: NumberField, label: string, unit?: string) => ({
    label,
    min: 0,
    value: draft[name],
    suffix: unit ? ` ${unit}` : '',
    hideControls: true,
    error: problemAt(problems, at[name]),
    onChange: (value: number | string) =>
      onChange({ [name]: value === '' ? '' : Number(value) } as Partial<Draft>),
  });
  return (
    <div className={classes.fields}>
      <div className={classes.fourFields}>
        <NumberInput {...field('timeout', messages.timeout, messages.minutes)} />
        <Select
          label={messages.priority}
          data={priorities.map((value) => ({ value, label: priorityLabel[value] }))}
          value={draft.priority}
          allowDeselect={false}
          onChange={(value) => value && onChange({ priority: value as Priority })}
        />
        <NumberInput
          {...field('concurrencyLimit', messages.concurrency)}
          placeholder="∞"
          title={messages.concurrencyHint}
        />
        <NumberInput
          {...field('pauseAfterFailures', messages.pauseAfter, messages.failures)}
          placeholder={messages.never}
          title={messages.pauseAfterHint}
        />
      </div>
      <div className={classes.fourFields}>
        <NumberInput {...field('maxRetries', messages.maxRetries)} />
        <NumberInput {...field('initialDelay', messages.initialDelay, messages.seconds)} />
        <NumberInput {...field('backoffMultiplier', messages.multiplier)} />
        <NumberInput {...field('maxDelay', messages.maxDelay, messages.seconds)} />
      </div>
      <RetryPlan draft={draft} />
    </div>
  );
}

/** When the attempts would come, if every one of them failed at once. */
function RetryPlan({ draft }: { draft: Draft }) {
  const delays = retryDelays(draft);
  if (delays.length === 0) return <p className="muted">{messages.noRetry}</p>;
  const total = delays.reduce((sum, delay) => sum + delay, 0);
  let passed = 0;
  return (
    <div className={classes.plan}>
      <p className="muted">{messages.retryPlan}</p>
      <svg
        viewBox="0 0 1000 20"
        preserveAspectRatio="none"
        className={classes.planLine}
        aria-hidden="true"
      >
        <line x1="6" x2="994" y1="10" y2="10" />
        <circle cx="6" cy="10" r="6" />
        {delays.map((delay, retry) => {
          passed += delay;
          const x = 6 + (total === 0 ? 0 : passed / total) * 988;
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts are known by their number
          return <circle key={retry} cx={x} cy="10" r="6" />;
        })}
      </svg>
      <ol>
        {delays.map((delay, retry) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts are known by their number
          <li key={retry}>{messages.attemptAt(retry + 2, formatDuration(delay * 1000))}</li>
        ))}
      </ol>
    </div>
  );
}
