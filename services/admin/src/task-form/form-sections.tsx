import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { namesOfFlow } from '../automations/flow-names.js';
import { Panel } from '../kit/panel.js';
import { TaskTypeIcon } from '../tasks/task-type-icon.js';
import { localZone } from '../time/time.js';
import { type TaskType, taskTypeLabel } from '../words.js';
import { type Draft, newSchedule, type Problem, problemAt, type ScheduleDraft } from './draft.js';
import classes from './form.module.css';
import type { Choices } from './form-documents.js';
import { messages } from './messages.js';
import { ParameterFields } from './parameter-fields.js';
import { ScheduleFields } from './schedule-fields.js';

interface SectionProps {
  draft: Draft;
  problems: readonly Problem[];
  change: (change: Partial<Draft>) => void;
}

/** Workflows can be chosen once there are workflows; one that is one stays one. */
const typesFor = (draft: Draft): TaskType[] =>
  draft.type === 'workflow' ? ['workflow'] : ['browser_automation', 'system'];

const systemTasks = Object.entries(messages.systemTasks).map(([value, label]) => ({
  value,
  label: `${label} (${value})`,
}));

export function What({
  draft,
  choices,
  problems,
  change,
}: SectionProps & { choices: Choices | undefined }) {
  const automation = choices?.automations.find((each) => each.id === draft.automationId);
  const names = draft.type === 'browser_automation' ? namesOfFlow(automation?.flow) : undefined;
  return (
    <Panel title={messages.what}>
      <div className={classes.fields}>
        <fieldset className={classes.types}>
          <legend className="visually-hidden">{messages.type}</legend>
          {typesFor(draft).map((type) => (
            <label key={type} data-on={draft.type === type}>
              <input
                type="radio"
                name="type"
                className="visually-hidden"
                checked={draft.type === type}
                onChange={() => change({ type })}
              />
              <TaskTypeIcon type={type} size={20} plain />
              <span>
                <strong>{taskTypeLabel[type]}</strong>
                <span className="muted">{messages.types[type]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className={classes.twoFields}>
          <TextInput
            label={messages.name}
            value={draft.name}
            error={problemAt(problems, '/name')}
            onChange={(event) => change({ name: event.currentTarget.value })}
            data-autofocus
          />
          <Target draft={draft} choices={choices} problems={problems} change={change} />
        </div>
        <Textarea
          label={messages.description}
          placeholder={messages.optional}
          value={draft.description}
          error={problemAt(problems, '/description')}
          onChange={(event) => change({ description: event.currentTarget.value })}
          autosize
          minRows={1}
          maxRows={6}
        />
        <ParameterFields
          key={`${draft.type} ${draft.systemTask} ${draft.automationId}`}
          draft={draft}
          problems={problems}
          names={names}
          onChange={change}
        />
      </div>
    </Panel>
  );
}

function Target({
  draft,
  choices,
  problems,
  change,
}: SectionProps & { choices: Choices | undefined }) {
  const error = problemAt(problems, '/target');
  if (draft.type === 'system')
    return (
      <Select
        label={messages.systemTask}
        data={systemTasks}
        value={draft.systemTask}
        error={error}
        allowDeselect={false}
        onChange={(systemTask) => systemTask && change({ systemTask })}
      />
    );
  if (draft.type === 'workflow')
    return <TextInput label={taskTypeLabel.workflow} value={draft.workflowId} readOnly />;
  const automations = choices?.automations ?? [];
  return (
    <div>
      <Select
        label={messages.automation}
        placeholder={messages.automationPick}
        data={automations.map(({ id, name }) => ({ value: id, label: name }))}
        value={draft.automationId || null}
        error={error}
        searchable
        allowDeselect={false}
        onChange={(automationId) => automationId && change({ automationId })}
      />
      {choices && automations.length === 0 ? (
        <p className={classes.hint}>
          {messages.automationNone}{' '}
          <Link to="/automations/new" className="link">
            {messages.automationImport}
          </Link>
        </p>
      ) : null}
      {choices?.system.chromium === false ? (
        <p className={classes.hint} data-severity="warning">
          {messages.chromiumMissing}
        </p>
      ) : null}
    </div>
  );
}

export function When({
  draft,
  choices,
  problems,
  change,
}: SectionProps & { choices: Choices | undefined }) {
  const added = useRef(0);
  const update = (key: string, next: Partial<ScheduleDraft>): void =>
    change({
      schedules: draft.schedules.map((each) => (each.key === key ? { ...each, ...next } : each)),
    });
  const add = (): void => {
    added.current += 1;
    const zone = draft.schedules.at(-1)?.timezone ?? localZone();
    change({ schedules: [...draft.schedules, newSchedule(zone, `new-${added.current}`)] });
  };
  return (
    <Panel
      title={messages.when}
      aside={
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          {messages.addSchedule}
        </Button>
      }
    >
      {draft.schedules.length === 0 ? <p className="muted">{messages.whenNone}</p> : null}
      {draft.schedules.map((schedule, place) => (
        <ScheduleFields
          key={schedule.key}
          schedule={schedule}
          choices={choices}
          problems={problems}
          at={`/schedules/${place}`}
          onChange={(next) => update(schedule.key, next)}
          onRemove={() =>
            change({ schedules: draft.schedules.filter((each) => each.key !== schedule.key) })
          }
        />
      ))}
    </Panel>
  );
}
