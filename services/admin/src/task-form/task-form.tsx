import { Button, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react';
import { Link, useBlocker } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useShortcuts } from '../app/shortcuts.js';
import { namesOfFlow } from '../automations/flow-names.js';
import type { Answer, Refusal } from '../graphql/actions.js';
import { newKey } from '../graphql/actions.js';
import type { ResultOf } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Confirm } from '../kit/confirm.js';
import { Panel } from '../kit/panel.js';
import { reasonOf } from '../kit/use-action.js';
import { TaskTypeIcon } from '../tasks/task-type-icon.js';
import { localZone } from '../time/time.js';
import { type TaskType, taskTypeLabel } from '../words.js';
import {
  type Draft,
  missingIn,
  newSchedule,
  type Problem,
  problemAt,
  type ScheduleDraft,
} from './draft.js';
import classes from './form.module.css';
import { FormDocument } from './form-documents.js';
import { messages } from './messages.js';
import { ParameterFields } from './parameter-fields.js';
import { ScheduleFields } from './schedule-fields.js';
import { SettingsFields } from './settings-fields.js';

interface TaskFormProps {
  initial: Draft;
  isNew: boolean;
  /** The key stays the same while the same form is sent again. */
  onSave: (draft: Draft, key: string) => Promise<Answer<unknown>>;
  onCancel: () => void;
}

type Choices = ResultOf<typeof FormDocument>;

export function TaskForm({ initial, isNew, onSave, onCancel }: TaskFormProps) {
  const choices = useLiveQuery(FormDocument, {});
  const [draft, setDraft] = useState(initial);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [refusal, setRefusal] = useState<Refusal>();
  const [saving, setSaving] = useState(false);
  const key = useRef(newKey());
  const saved = useRef(false);
  const changed = JSON.stringify(draft) !== JSON.stringify(initial);
  const blocker = useBlocker({
    shouldBlockFn: () => changed && !saved.current,
    enableBeforeUnload: () => changed && !saved.current,
    withResolver: true,
  });
  const change = (next: Partial<Draft>): void => setDraft((now) => ({ ...now, ...next }));

  const save = (): void => {
    const missing = missingIn(draft);
    setProblems(missing);
    setRefusal(undefined);
    if (missing.length > 0 || saving) return;
    setSaving(true);
    saved.current = true;
    void onSave(draft, key.current)
      .then((answer) => {
        if (answer.ok) return;
        saved.current = false;
        key.current = newKey();
        setRefusal(answer.refusal);
        setProblems(problemsOf(answer.refusal));
      })
      .finally(() => setSaving(false));
  };
  useShortcuts(messages.form, [{ keys: 'mod+Enter', label: messages.saveKey, run: save }]);

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {refusal || problems.length > 0 ? <Troubles refusal={refusal} problems={problems} /> : null}
      <What draft={draft} choices={choices.data} problems={problems} change={change} />
      <When draft={draft} problems={problems} change={change} />
      <Panel title={messages.how}>
        <SettingsFields draft={draft} problems={problems} onChange={change} />
      </Panel>
      <div className={classes.foot}>
        {isNew ? (
          <Switch
            label={messages.createPaused}
            checked={!draft.enabled}
            onChange={(event) => change({ enabled: !event.currentTarget.checked })}
          />
        ) : (
          <span className="muted">{changed ? '' : messages.unchanged}</span>
        )}
        <Button onClick={onCancel}>{messages.cancel}</Button>
        <Button
          type="submit"
          variant="filled"
          loading={saving}
          disabled={!isNew && !changed}
          title="⌘ ↵"
        >
          {isNew ? messages.create : messages.save}
        </Button>
      </div>
      {blocker.status === 'blocked' ? (
        <Confirm
          title={messages.leaveTitle}
          action={messages.leaveAction}
          onClose={blocker.reset}
          onConfirm={async () => blocker.proceed()}
        >
          <p>{messages.leaveBody}</p>
        </Confirm>
      ) : null}
    </form>
  );
}

const problemsOf = (refusal: Refusal): readonly Problem[] =>
  refusal.problems.length > 0
    ? refusal.problems
    : refusal.field === null
      ? []
      : [{ field: refusal.field, message: refusal.message, remedy: refusal.remedy }];

interface TroublesProps {
  refusal: Refusal | undefined;
  problems: readonly Problem[];
}

function Troubles({ refusal, problems }: TroublesProps) {
  return (
    <div className={classes.troubles} role="alert">
      <IconAlertTriangle
        size={18}
        stroke={1.8}
        className={classes.troublesIcon}
        aria-hidden="true"
      />
      <div>
        <p>
          <strong>
            {problems.length > 0
              ? messages.fix(problems.length)
              : refusal?.code === 'position-conflict'
                ? messages.conflict
                : refusal && reasonOf(refusal)}
          </strong>
        </p>
        <ul>
          {problems.map((problem) => (
            <li key={`${problem.field} ${problem.message}`}>
              <code>{problem.field}</code> {problem.message}{' '}
              <span className="muted">{problem.remedy}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

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

function What({
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
              <TaskTypeIcon type={type} size={20} />
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

function When({ draft, problems, change }: SectionProps) {
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
          problem={problemAt(problems, `/schedules/${place}`)}
          onChange={(next) => update(schedule.key, next)}
          onRemove={() =>
            change({ schedules: draft.schedules.filter((each) => each.key !== schedule.key) })
          }
        />
      ))}
    </Panel>
  );
}
