import { Button, Switch, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useShortcuts } from '../app/shortcuts.js';
import { type Answer, newKey, type Refusal } from '../graphql/actions.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Confirm } from '../kit/confirm.js';
import { Panel } from '../kit/panel.js';
import { reasonOf } from '../kit/use-action.js';
import { ChangePreview } from '../versions/change-preview.js';
import { changeInput, type Draft, missingIn, type Problem } from './draft.js';
import classes from './form.module.css';
import { type Choices, FormDocument } from './form-documents.js';
import { What, When } from './form-sections.js';
import { FormSummary } from './form-summary.js';
import { messages } from './messages.js';
import { SettingsFields } from './settings-fields.js';

interface TaskFormProps {
  initial: Draft;
  /** The task that is edited; without it a new one. */
  taskId?: string;
  /** The key stays the same while the same form is sent again. */
  onSave: (draft: Draft, key: string, note: string | undefined) => Promise<Answer<unknown>>;
  onCancel: () => void;
}

export function TaskForm({ initial, taskId, onSave, onCancel }: TaskFormProps) {
  const isNew = taskId === undefined;
  const [note, setNote] = useState('');
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
    void onSave(draft, key.current, note.trim() || undefined)
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
      <div className={classes.sections}>
        {refusal || problems.length > 0 ? <Troubles refusal={refusal} problems={problems} /> : null}
        <What draft={draft} choices={choices.data} problems={problems} change={change} />
        <When draft={draft} choices={choices.data} problems={problems} change={change} />
        <Panel title={messages.how}>
          <SettingsFields
            draft={draft}
            choices={choices.data}
            problems={problems}
            onChange={change}
          />
        </Panel>
      </div>
      <div className={classes.aside}>
        <Panel title={messages.summary}>
          <FormSummary draft={draft} target={targetName(draft, choices.data)} />
        </Panel>
        {isNew ? null : (
          <Changes taskId={taskId} before={initial} after={draft} note={note} onNote={setNote} />
        )}
        <div className={classes.foot}>
          {isNew ? (
            <Switch
              size="xs"
              label={messages.createPaused}
              checked={!draft.enabled}
              onChange={(event) => change({ enabled: !event.currentTarget.checked })}
            />
          ) : null}
          <Button
            type="submit"
            variant="filled"
            loading={saving}
            disabled={!isNew && !changed}
            title="⌘ ↵"
          >
            {isNew ? messages.create : messages.save}
          </Button>
          <Button onClick={onCancel}>{messages.cancel}</Button>
          {isNew || changed ? null : <p className={classes.unchanged}>{messages.unchanged}</p>}
        </div>
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

interface ChangesProps {
  taskId: string;
  before: Draft;
  after: Draft;
  note: string;
  onNote: (note: string) => void;
}

/** Of each schedule that was edited, which runs come and go; and why it is done. */
function Changes({ taskId, before, after, note, onNote }: ChangesProps) {
  const edited = after.schedules.flatMap((schedule) => {
    const was = before.schedules.find((each) => each.id === schedule.id);
    const input = changeInput(was, schedule);
    return input && schedule.id ? [{ id: schedule.id, zone: schedule.timezone, input }] : [];
  });
  if (edited.length === 0) return null;
  return (
    <Panel title={messages.changes}>
      <div className={classes.fields}>
        {edited.map(({ id, zone, input }) => (
          <ChangePreview key={id} taskId={taskId} scheduleId={id} timezone={zone} input={input} />
        ))}
        <TextInput
          label={messages.note}
          description={messages.noteHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={note}
          onChange={(event) => onNote(event.currentTarget.value)}
        />
      </div>
    </Panel>
  );
}

function targetName(draft: Draft, choices: Choices | undefined): string | undefined {
  if (draft.type === 'system') return messages.systemTasks[draft.systemTask] ?? draft.systemTask;
  return choices?.automations.find((each) => each.id === draft.automationId)?.name;
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

/** Goes to itself when it appears: whoever pressed Save far below must see why nothing happened. */
function Troubles({ refusal, problems }: TroublesProps) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new answer is gone to
  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: 'center' });
  }, [refusal, problems]);
  return (
    <div ref={place} className={classes.troubles} role="alert" tabIndex={-1}>
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
