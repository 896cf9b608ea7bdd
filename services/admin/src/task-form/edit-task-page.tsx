import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { NotFound } from '../app/not-found.js';
import { Page } from '../app/page.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Bones, Failure } from '../kit/states.js';
import { done } from '../kit/toast.js';
import { TaskDocument, type TaskWhole } from '../tasks/task-document.js';
import { draftOf, inputOf } from './draft.js';
import { updateTask } from './form-documents.js';
import { messages } from './messages.js';
import { TaskForm } from './task-form.js';

const route = getRouteApi('/tasks/$taskId/edit');

export function EditTaskPage() {
  const { taskId } = route.useParams();
  const { data, error, retry } = useLiveQuery(TaskDocument, { id: taskId });
  if (data && !data.task) return <NotFound />;
  if (data?.task) return <EditTask key={taskId} task={data.task} />;
  return (
    <Page title={messages.edit}>
      {error ? <Failure error={error} onRetry={retry} /> : <Bones lines={9} tall />}
    </Page>
  );
}

function EditTask({ task: newest }: { task: TaskWhole }) {
  // The form edits what it was opened with: a change by somebody else is told when it is saved.
  const [task] = useState(newest);
  const navigate = useNavigate();
  const to = { to: '/tasks/$taskId', params: { taskId: task.id } } as const;
  return (
    <Page
      title={messages.editTitle(task.name)}
      crumbs={[
        { label: messages.tasks, link: { to: '/tasks' } },
        { label: task.name, link: to },
        { label: messages.edit },
      ]}
    >
      <TaskForm
        taskId={task.id}
        initial={draftOf(task)}
        onCancel={() => void navigate(to)}
        onSave={async (draft, _key, note) => {
          const variables = { id: task.id, input: inputOf(draft), position: task.position, note };
          const answer = await updateTask(variables);
          if (answer.ok) {
            done(messages.saved(answer.value.name));
            void navigate(to);
          }
          return answer;
        }}
      />
    </Page>
  );
}
