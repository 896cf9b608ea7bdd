import { ActionIcon, Button, Menu, Select, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconTrash, IconWand } from '@tabler/icons-react';
import { useDeferredValue, useMemo } from 'react';
import { useNow } from '../clock.js';
import {
  type Problem,
  problemAt,
  type ScheduleDraft,
  type ScheduleKind,
  scheduleKinds,
} from './draft.js';
import classes from './form.module.css';
import type { Choices } from './form-documents.js';
import { messages } from './messages.js';
import { changesRuns, isAboutPolicy } from './policies.js';
import { PolicyFields } from './policy-fields.js';
import { PolicyPreview } from './policy-preview.js';
import { previewOf } from './preview.js';
import { SchedulePreviewView } from './schedule-preview.js';
import { ZoneSelect } from './zone-select.js';

interface ScheduleFieldsProps {
  schedule: ScheduleDraft;
  choices: Choices | undefined;
  problems: readonly Problem[];
  /** JSON pointer to the schedule. */
  at: string;
  onChange: (change: Partial<ScheduleDraft>) => void;
  onRemove: () => void;
}

const dstOptions = Object.entries(messages.dstOptions).map(([value, label]) => ({ value, label }));
const kindOptions = scheduleKinds.map((value) => ({ value, label: messages.kinds[value] }));

export function ScheduleFields(props: ScheduleFieldsProps) {
  const { schedule, choices, at, onChange, onRemove } = props;
  const shown = useDeferredValue(schedule);
  const minute = Math.floor(useNow() / 60_000) * 60_000;
  const preview = useMemo(() => previewOf(shown, minute), [shown, minute]);
  const own = props.problems.filter(({ field }) => field === at || field.startsWith(`${at}/`));
  const ofPolicies = own.filter(({ field }) => isAboutPolicy(field, at));
  const ofTiming = own.filter((each) => !ofPolicies.includes(each));
  const told = preview.valid ? [] : preview.problems;
  const wrong = told.find((each) => each.field !== 'timezone');
  const zoneProblem = told.find((each) => each.field === 'timezone');
  const error = wrong ? `${wrong.message}: ${wrong.remedy}` : problemAt(ofTiming, at);
  return (
    <div className={classes.schedule}>
      <div className={classes.scheduleFields}>
        <Select
          label={messages.kind}
          data={kindOptions}
          value={schedule.kind}
          allowDeselect={false}
          onChange={(kind) => kind && onChange({ kind: kind as ScheduleKind })}
        />
        <TimingFields schedule={schedule} error={error} onChange={onChange} />
        <ZoneSelect
          value={schedule.timezone}
          error={zoneProblem?.message}
          onChange={(zone) => onChange({ timezone: zone })}
        />
        {schedule.kind === 'cron' || schedule.kind === 'rrule' ? (
          <Select
            label={messages.dst}
            data={dstOptions}
            value={schedule.dst}
            allowDeselect={false}
            onChange={(value) => value && onChange({ dst: value })}
          />
        ) : null}
        <PolicyFields
          policies={schedule.kept}
          choices={choices}
          problems={ofPolicies}
          at={at}
          onChange={(kept) => onChange({ kept })}
        />
        <div className={classes.scheduleFoot}>
          <Switch
            size="xs"
            label={messages.enabled}
            checked={schedule.enabled}
            onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
          />
          <Tooltip label={messages.removeSchedule}>
            <ActionIcon aria-label={messages.removeSchedule} onClick={onRemove}>
              <IconTrash size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
      <SchedulePreviewView preview={preview} timezone={shown.timezone}>
        {changesRuns(schedule.kept) ? <PolicyPreview schedule={schedule} /> : null}
      </SchedulePreviewView>
    </div>
  );
}

interface TimingFieldsProps {
  schedule: ScheduleDraft;
  error: string | undefined;
  onChange: (change: Partial<ScheduleDraft>) => void;
}

type TextField = 'cron' | 'every' | 'at' | 'rrule' | 'start';

const hints: Record<TextField, string> = {
  cron: messages.cronHint,
  every: messages.everyHint,
  at: messages.atHint,
  rrule: messages.rruleHint,
  start: messages.startHint,
};

/** The texts of a schedule, as they are typed. */
function TimingFields({ schedule, error, onChange }: TimingFieldsProps) {
  const text = (name: TextField, wrong: string | undefined) => (
    <TextInput
      label={messages[name]}
      description={hints[name]}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={schedule[name]}
      error={wrong}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      classNames={{ root: classes.cronText ?? '', input: 'mono' }}
      spellCheck={false}
      autoComplete="off"
    />
  );
  if (schedule.kind === 'cron')
    return (
      <div className={classes.cronRow}>
        {text('cron', error)}
        <PresetMenu onPick={(cron) => onChange({ cron })} />
      </div>
    );
  if (schedule.kind === 'rrule')
    return (
      <>
        {text('rrule', error)}
        {text('start', undefined)}
      </>
    );
  return text(schedule.kind, error);
}

function PresetMenu({ onPick }: { onPick: (cron: string) => void }) {
  return (
    <Menu>
      <Menu.Target>
        <Button className={classes.presets ?? ''} leftSection={<IconWand size={15} stroke={1.7} />}>
          {messages.presets}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(messages.preset).map(([cron, label]) => (
          <Menu.Item key={cron} onClick={() => onPick(cron)} rightSection={<code>{cron}</code>}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
