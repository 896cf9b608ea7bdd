import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { FormDialog } from '../kit/form-dialog.js';
import { Panel } from '../kit/panel.js';
import { Bones, Failure } from '../kit/states.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { Stamp } from '../time/stamp.js';
import { differencesOf } from './differences.js';
import { messages } from './messages.js';
import {
  restoreVersion,
  type Version,
  type VersionedSchedule,
  VersionsDocument,
} from './version-documents.js';
import classes from './versions.module.css';

const TYPES = ['Task', 'ScheduleVersion'] as const;

/** Every version of each schedule: who changed what, when and why; and the way back to it. */
export function VersionsPanel({ taskId }: { taskId: string }) {
  const { data, error, retry } = useLiveQuery(VersionsDocument, { id: taskId }, { types: TYPES });
  if (!data) return error ? <Failure error={error} onRetry={retry} /> : <Bones lines={6} tall />;
  const schedules = data.task?.schedules ?? [];
  if (schedules.length === 0) return <p className="muted">{messages.none}</p>;
  return schedules.map((schedule) => (
    <Panel key={schedule.id} title={schedule.name || schedule.description} flush>
      <ScheduleVersions taskId={taskId} schedule={schedule} />
    </Panel>
  ));
}

interface ScheduleVersionsProps {
  taskId: string;
  schedule: VersionedSchedule;
}

function ScheduleVersions({ taskId, schedule }: ScheduleVersionsProps) {
  const [restored, setRestored] = useState<Version>();
  return (
    <ol className={classes.versions}>
      {schedule.versions.map((version, place) => (
        <li key={version.version}>
          <div className={classes.head}>
            <strong>{messages.version(version.version)}</strong>
            <span>{messages.kinds[version.kind] ?? version.kind}</span>
            <span className="muted">
              {messages.by(version.author)}, <Stamp at={version.validFrom} />
            </span>
            {version.validUntil === null ? (
              <span className={classes.inForce}>{messages.inForce}</span>
            ) : (
              <Button
                size="xs"
                aria-label={`${messages.restore}: ${messages.version(version.version)}`}
                onClick={() => setRestored(version)}
              >
                {messages.restore}
              </Button>
            )}
          </div>
          {version.note ? <p className={classes.note}>{version.note}</p> : null}
          <Differences before={schedule.versions[place + 1]} after={version} />
        </li>
      ))}
      {restored ? (
        <Restore
          taskId={taskId}
          scheduleId={schedule.id}
          version={restored.version}
          onClose={() => setRestored(undefined)}
        />
      ) : null}
    </ol>
  );
}

function Differences({ before, after }: { before: Version | undefined; after: Version }) {
  const differences = differencesOf(before?.definition, after.definition);
  if (differences.length === 0) return null;
  return (
    <dl className={classes.differences}>
      {differences.map(({ field, before: was, after: is }) => (
        <div key={field}>
          <dt>{messages.fields[field] ?? field}</dt>
          <dd>
            {before ? (
              <>
                <del>{was ?? messages.unsaid}</del> →{' '}
              </>
            ) : null}
            <ins>{is ?? messages.unsaid}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface RestoreProps {
  taskId: string;
  scheduleId: string;
  version: number;
  onClose: () => void;
}

function Restore({ taskId, scheduleId, version, onClose }: RestoreProps) {
  const [note, setNote] = useState('');
  const [restore, restoring] = useAction(
    () => restoreVersion(taskId, scheduleId, version, note.trim() || undefined),
    () => {
      done(messages.restored);
      onClose();
    },
  );
  return (
    <FormDialog
      title={messages.restoreTitle(version)}
      action={messages.restore}
      busy={restoring}
      onSubmit={restore}
      onClose={onClose}
    >
      <p>{messages.restoreDoes}</p>
      <Textarea
        label={messages.note}
        description={messages.noteHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data-autofocus
        value={note}
        autosize
        minRows={1}
        maxRows={4}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
