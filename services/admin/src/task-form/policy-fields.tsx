import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CalendarFields } from './calendar-fields.js';
import { type Problem, problemAt } from './draft.js';
import classes from './form.module.css';
import type { Choices } from './form-documents.js';
import { messages } from './messages.js';
import {
  catchUpModes,
  catchUpOf,
  overlapOf,
  overlapPolicies,
  type Policies,
  policySummary,
} from './policies.js';

interface PolicyFieldsProps {
  policies: Policies;
  choices: Choices | undefined;
  problems: readonly Problem[];
  /** JSON pointer to the schedule. */
  at: string;
  onChange: (policies: Policies) => void;
}

const catchUpOptions = catchUpModes.map((value) => ({
  value,
  label: messages.catchUpModes[value] ?? value,
}));
const overlapOptions = overlapPolicies.map((value) => ({
  value,
  label: messages.overlaps[value]?.label ?? value,
}));

type TextPolicy = 'startDeadline' | 'spread' | 'jitter' | 'from' | 'until';

/** Folded under one line that says what differs from the defaults; open when something is wrong. */
export function PolicyFields(props: PolicyFieldsProps) {
  const { policies, problems } = props;
  const [open, setOpen] = useState(false);
  const summary = policySummary(policies);
  return (
    <details
      className={classes.policies}
      open={open || problems.length > 0}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {messages.policies}
        <span className="muted">
          {summary.length === 0 ? messages.policiesDefault : summary.join(', ')}
        </span>
      </summary>
      <div className={classes.fields}>
        <Reliability {...props} />
        <Spreading {...props} />
        <CalendarFields
          uses={policies.calendars ?? []}
          choices={props.choices}
          problem={problemAt(problems, `${props.at}/calendars`)}
          onChange={(calendars) => props.onChange({ ...policies, calendars: [...calendars] })}
        />
      </div>
    </details>
  );
}

function useText({ policies, problems, at, onChange }: PolicyFieldsProps) {
  return (name: TextPolicy, label: string, hint: string, placeholder: string) => (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={placeholder}
      value={policies[name] ?? ''}
      error={problemAt(problems, `${at}/${name}`)}
      onChange={(event) => onChange({ ...policies, [name]: event.currentTarget.value || null })}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

const numberOrNull = (value: number | string): number | null =>
  value === '' ? null : Number(value);

function Reliability(props: PolicyFieldsProps) {
  const { policies, problems, at, onChange } = props;
  const text = useText(props);
  const catchUp = catchUpOf(policies);
  const overlap = overlapOf(policies);
  return (
    <>
      <div className={classes.policyRow}>
        <Select
          label={messages.overlap}
          description={messages.overlaps[overlap.policy]?.does}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={overlapOptions}
          value={overlap.policy}
          allowDeselect={false}
          error={problemAt(problems, `${at}/overlap`)}
          onChange={(policy) =>
            policy && onChange({ ...policies, overlap: { ...overlap, policy } })
          }
        />
        {overlap.policy === 'buffer_all' ? (
          <NumberInput
            label={messages.bufferLimit}
            min={1}
            hideControls
            value={overlap.bufferLimit ?? ''}
            onChange={(value) =>
              onChange({ ...policies, overlap: { ...overlap, bufferLimit: numberOrNull(value) } })
            }
          />
        ) : null}
      </div>
      <div className={classes.policyRow}>
        <Select
          label={messages.catchUp}
          description={messages.catchUpDoes[catchUp.mode]}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={catchUpOptions}
          value={catchUp.mode}
          allowDeselect={false}
          error={problemAt(problems, `${at}/catchUp`)}
          onChange={(mode) => mode && onChange({ ...policies, catchUp: { ...catchUp, mode } })}
        />
        {catchUp.mode === 'none' ? null : (
          <TextInput
            label={messages.catchUpWindow}
            placeholder="24h"
            value={catchUp.window ?? ''}
            classNames={{ input: 'mono' }}
            onChange={(event) =>
              onChange({
                ...policies,
                catchUp: { ...catchUp, window: event.currentTarget.value || null },
              })
            }
          />
        )}
        {catchUp.mode === 'all' ? (
          <NumberInput
            label={messages.catchUpLimit}
            min={1}
            hideControls
            value={catchUp.limit ?? ''}
            onChange={(value) =>
              onChange({ ...policies, catchUp: { ...catchUp, limit: numberOrNull(value) } })
            }
          />
        ) : null}
      </div>
      {text('startDeadline', messages.startDeadline, messages.startDeadlineHint, messages.none)}
    </>
  );
}

function Spreading(props: PolicyFieldsProps) {
  const { policies, problems, at, onChange } = props;
  const text = useText(props);
  return (
    <>
      <div className={classes.policyRow}>
        {text('spread', messages.spread, messages.spreadHint, messages.none)}
        {text('jitter', messages.jitter, messages.jitterHint, messages.none)}
      </div>
      <div className={classes.policyRow}>
        {text('from', messages.boundFrom, messages.boundHint, messages.none)}
        {text('until', messages.boundUntil, messages.boundHint, messages.none)}
      </div>
      <NumberInput
        label={messages.maxRuns}
        description={messages.maxRunsHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder={messages.none}
        min={1}
        hideControls
        value={policies.maxRuns ?? ''}
        error={problemAt(problems, `${at}/maxRuns`)}
        onChange={(value) => onChange({ ...policies, maxRuns: numberOrNull(value) })}
      />
    </>
  );
}
