import { useEffect, useState } from 'react';
import { type CombinedError, useSubscription } from 'urql';
import { useAsleep } from '../graphql/connection.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { TaskDocument, type TaskWhole } from './task-document.js';
import { TasksChangedDocument } from './task-source.js';

interface TaskView {
  task: TaskWhole | undefined;
  missing: boolean;
  deleted: boolean;
  error: CombinedError | undefined;
  retry: () => void;
}

/** A task and its numbers. Told that it changed, its whole is read again; its row is used at once. */
export function useTask(id: string): TaskView {
  const query = useLiveQuery(TaskDocument, { id });
  const asleep = useAsleep();
  const [told] = useSubscription({ query: TasksChangedDocument, pause: asleep });
  const row = told.data?.tasksChanged.find((each) => each.id === id);
  const [deleted, setDeleted] = useState(false);
  const { retry } = query;
  const asked = query.data?.task ?? undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when its row was told anew
  useEffect(() => {
    if (!row) return;
    if (row.status === 'disabled') setDeleted(true);
    else if (row.version !== asked?.version || row.status !== asked?.status) retry();
  }, [row]);
  const task =
    asked && row && row.version >= asked.version && row.status !== 'disabled'
      ? { ...asked, ...row, schedules: asked.schedules }
      : asked;
  return {
    task,
    missing: query.data !== undefined && asked === undefined,
    deleted,
    error: query.error,
    retry,
  };
}
