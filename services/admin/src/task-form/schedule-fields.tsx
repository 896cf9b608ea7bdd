import { ActionIcon, Button, Menu, Select, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconTrash, IconWand } from '@tabler/icons-react';
import { useDeferredValue, useMemo } from 'react';
import { useNow } from '../clock.js';
import { formatCountdown, formatRun, formatStamp } from '../time/time.js';
import { useZone } from '../time/zone.js';
import type { ScheduleDraft } from './draft.js';
import classes from './form.module.css';
import { messages } from './messages.js';
import { previewOf, type SchedulePreview } from './preview.js';
import { ZoneSelect } from './zone-select.js';

interface ScheduleFieldsProps {
  schedule: ScheduleDraft;
  problem: string | undefined;
  onChange: (change: Partial<ScheduleDraft>) => void;
  onRemove: () => void;
}

const dstOptions = Object.entries(messages.dstOptions).map(([value, label]) => ({ value, label }));

export function ScheduleFields({ schedule, problem, onChange, onRemove }: ScheduleFieldsProps) {
  const { cron, timezone, dst } = useDeferredValue(schedule);
  const minute = Math.floor(useNow() / 60_000) * 60_000;
  const preview = useMemo(
    () => previewOf({ cron, timezone, dst }, minute),
    [cron, timezone, dst, minute],
  );
  const problems = preview.valid ? [] : preview.problems;
  const cronProblem = problems.find((each) => each.field !== 'timezone');
  const zoneProblem = problems.find((each) => each.field === 'timezone');
  return (
    <div className={classes.schedule}>
      <div className={classes.scheduleFields}>
        <div className={classes.cronRow}>
          <TextInput
            label={messages.cron}
            description={messages.cronHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={schedule.cron}
            error={
              cronProblem ? `${cronProblem.message}: ${cronProblem.remedy}` : (problem ?? undefined)
            }
            onChange={(event) => onChange({ cron: event.currentTarget.value })}
            classNames={{ root: classes.cronText ?? '', input: 'mono' }}
            spellCheck={false}
            autoComplete="off"
          />
          <PresetMenu onPick={(preset) => onChange({ cron: preset })} />
        </div>
        <ZoneSelect
          value={schedule.timezone}
          error={zoneProblem?.message}
          onChange={(zone) => onChange({ timezone: zone })}
        />
        <Select
          label={messages.dst}
          data={dstOptions}
          value={schedule.dst}
          allowDeselect={false}
          onChange={(value) => value && onChange({ dst: value })}
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
      <Preview preview={preview} timezone={timezone} />
    </div>
  );
}

function PresetMenu({ onPick }: { onPick: (cron: string) => void }) {
  return (
    <Menu>
      <Menu.Target>
        <Button className={classes.presets} leftSection={<IconWand size={15} stroke={1.7} />}>
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

function Preview({ preview, timezone }: { preview: SchedulePreview; timezone: string }) {
  const zone = useZone();
  const now = useNow();
  if (!preview.valid)
    return (
      <div className={classes.preview} data-valid="false">
        {preview.problems.map((problem) => (
          <p key={problem.code} className={classes.lint} data-severity="warning">
            <IconAlertTriangle size={15} stroke={1.8} aria-hidden="true" />
            <span>
              {problem.message} <span className="muted">{problem.remedy}</span>
            </span>
          </p>
        ))}
      </div>
    );
  return (
    <div className={classes.preview} aria-live="polite">
      <p className={classes.sentence}>{preview.description}</p>
      <table className={classes.nextTable}>
        <caption className="visually-hidden">{messages.nextRuns}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.inZone(timezone)}</th>
            {zone === timezone ? null : <th scope="col">{messages.inYours(zone)}</th>}
            <th scope="col">
              <span className="visually-hidden">{messages.nextRuns}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {preview.next.map((slot) => (
            <tr key={slot.dueAtMs}>
              <td>{formatRun(slot.dueAtMs, timezone, now)}</td>
              {zone === timezone ? null : (
                <td className="muted">{formatStamp(slot.dueAtMs, zone, now)}</td>
              )}
              <td className="muted">{formatCountdown(slot.dueAtMs, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {preview.next.length === 0 ? <p className="muted">{messages.noNext}</p> : null}
      {preview.lints.map((lint) => (
        <p
          key={`${lint.code} ${lint.part ?? ''}`}
          className={classes.lint}
          data-severity={lint.severity}
        >
          {lint.severity === 'warning' ? (
            <IconAlertTriangle size={15} stroke={1.8} aria-hidden="true" />
          ) : (
            <IconInfoCircle size={15} stroke={1.8} aria-hidden="true" />
          )}
          <span>
            {lint.message}
            {lint.remedy ? <span className="muted"> {lint.remedy}</span> : null}
          </span>
        </p>
      ))}
    </div>
  );
}
