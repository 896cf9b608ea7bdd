import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { Chips } from '../kit/chips.js';
import { type Priority, priorities, priorityLabel } from '../words.js';
import { type Problem, problemAt } from './draft.js';
import classes from './form.module.css';
import type { Choices } from './form-documents.js';
import { messages } from './messages.js';
import { RetryPlan } from './retry-plan.js';
import { type LimitName, limitNames, type SettingsDraft } from './settings-draft.js';

interface SettingsFieldsProps {
  draft: SettingsDraft;
  choices: Choices | undefined;
  problems: readonly Problem[];
  onChange: (change: Partial<SettingsDraft>) => void;
}

type NumberField = {
  [K in keyof SettingsDraft]: SettingsDraft[K] extends number | '' ? K : never;
}[keyof SettingsDraft];

const ofRetries = new Set<string>([
  'maxRetries',
  'initialDelay',
  'backoffMultiplier',
  'maxDelay',
  'jitter',
  'finalErrors',
  'retriedErrors',
]);

/** Where the server points when a field is wrong. */
const pointerTo = (name: string): string =>
  ofRetries.has(name) ? `/settings/retryPolicy/${name}` : `/settings/${name}`;

const numberOf = (value: number | string): number | '' => (value === '' ? '' : Number(value));

function useFields({ draft, problems, onChange }: SettingsFieldsProps) {
  const number = (name: NumberField, label: string, unit = '', placeholder?: string) => (
    <NumberInput
      label={label}
      min={0}
      value={draft[name]}
      suffix={unit === '' ? '' : ` ${unit}`}
      hideControls
      {...(placeholder === undefined ? {} : { placeholder })}
      error={problemAt(problems, pointerTo(name))}
      onChange={(value) => onChange({ [name]: numberOf(value) })}
    />
  );
  const codes = (name: 'finalErrors' | 'retriedErrors', label: string, hint: string) => (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={messages.none}
      value={draft[name]}
      error={problemAt(problems, pointerTo(name))}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      autoComplete="off"
    />
  );
  const flag = (name: 'timeoutIsFinal' | 'lossIsFinal' | 'deadLetter', label: string) => (
    <Switch
      size="xs"
      label={label}
      checked={draft[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
    />
  );
  return { number, codes, flag };
}

export function SettingsFields(props: SettingsFieldsProps) {
  const { draft, onChange } = props;
  const { number } = useFields(props);
  return (
    <div className={classes.fields}>
      <div className={classes.fourFields}>
        <Select
          label={messages.priority}
          data={priorities.map((value) => ({ value, label: priorityLabel[value] }))}
          value={draft.priority}
          allowDeselect={false}
          onChange={(value) => value && onChange({ priority: value as Priority })}
        />
        {number('timeout', messages.timeout, messages.minutes)}
        {number('concurrencyLimit', messages.concurrency, '', '∞')}
        {number('pauseAfterFailures', messages.pauseAfter, messages.failures, messages.never)}
      </div>
      <Where {...props} />
      <h3>{messages.retries}</h3>
      <Retries {...props} />
      <h3>{messages.deadlines}</h3>
      <div className={classes.fourFields}>
        {number('startDeadline', messages.startWithin, messages.minutes, messages.none)}
        {number('totalDeadline', messages.endWithin, messages.minutes, messages.none)}
        {number('stopGrace', messages.stopGrace, messages.seconds, messages.asWorker)}
      </div>
      <p className={classes.hint}>{messages.deadlinesHint}</p>
      <h3>{messages.limits}</h3>
      <Limits {...props} />
    </div>
  );
}

/** Which workers it runs on, and what it shares with other tasks. */
function Where({ draft, choices, problems, onChange }: SettingsFieldsProps) {
  const pools = (choices?.pools ?? []).map(({ name }) => name);
  const limits = choices?.limits ?? [];
  return (
    <>
      <div className={classes.twoFields}>
        <Select
          label={messages.pool}
          placeholder={messages.poolOfType}
          data={draft.pool === '' || pools.includes(draft.pool) ? pools : [...pools, draft.pool]}
          value={draft.pool || null}
          clearable
          error={problemAt(problems, '/settings/pool')}
          onChange={(pool) => onChange({ pool: pool ?? '' })}
        />
        <TextInput
          label={messages.labels}
          placeholder={messages.labelsHint}
          value={draft.requiredLabels}
          error={problemAt(problems, '/settings/requiredLabels')}
          onChange={(event) => onChange({ requiredLabels: event.currentTarget.value })}
          classNames={{ input: 'mono' }}
          spellCheck={false}
        />
      </div>
      {limits.length > 0 ? (
        <div>
          <p className={classes.editorLabel}>{messages.namedLimits}</p>
          <Chips
            label={messages.namedLimits}
            chips={limits.map(({ id, name }) => ({ value: id, label: name }))}
            chosen={draft.limitIds}
            onChange={(limitIds) => onChange({ limitIds })}
          />
          {problemAt(problems, '/settings/limitIds') ? (
            <p className={classes.wrong}>{problemAt(problems, '/settings/limitIds')}</p>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

function Retries(props: SettingsFieldsProps) {
  const { number, codes, flag } = useFields(props);
  return (
    <>
      <div className={classes.fiveFields}>
        {number('maxRetries', messages.maxRetries)}
        {number('initialDelay', messages.initialDelay, messages.seconds)}
        {number('backoffMultiplier', messages.multiplier)}
        {number('maxDelay', messages.maxDelay, messages.seconds)}
        {number('jitter', messages.retryJitter, '%', '0 %')}
      </div>
      <RetryPlan draft={props.draft} />
      <div className={classes.twoFields}>
        {codes('finalErrors', messages.finalErrors, messages.finalErrorsHint)}
        {codes('retriedErrors', messages.retriedErrors, messages.retriedErrorsHint)}
      </div>
      <div className={classes.flags}>
        {flag('timeoutIsFinal', messages.timeoutIsFinal)}
        {flag('lossIsFinal', messages.lossIsFinal)}
        {flag('deadLetter', messages.deadLetter)}
      </div>
    </>
  );
}

const unitOf: Record<LimitName, string> = {
  cpuSeconds: ` ${messages.seconds}`,
  memoryMb: ' MB',
  diskMb: ' MB',
  processes: '',
};

function Limits({ draft, problems, onChange }: SettingsFieldsProps) {
  return (
    <>
      <div className={classes.fourFields}>
        {limitNames.map((name) => (
          <NumberInput
            key={name}
            label={messages.limitNames[name]}
            min={1}
            value={draft.limits[name]}
            suffix={unitOf[name]}
            placeholder={messages.byDefault}
            hideControls
            error={problemAt(problems, `/settings/limits/${name}`)}
            onChange={(value) => onChange({ limits: { ...draft.limits, [name]: numberOf(value) } })}
          />
        ))}
      </div>
      <p className={classes.hint}>{messages.limitsHint}</p>
    </>
  );
}
