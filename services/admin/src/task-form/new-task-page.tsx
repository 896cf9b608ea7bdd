import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { Page } from '../app/page.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Bones } from '../kit/states.js';
import { done } from '../kit/toast.js';
import { TaskDocument } from '../tasks/task-document.js';
import { localZone } from '../time/time.js';
import { copyOf, type Draft, inputOf, newDraft, newSchedule } from './draft.js';
import { createTask } from './form-documents.js';
import { messages } from './messages.js';
import { TaskForm } from './task-form.js';

const route = getRouteApi('/tasks/new');

export function NewTaskPage() {
  const { automation, copy } = route.useSearch();
  const original = useLiveQuery(TaskDocument, { id: copy ?? '' }, { pause: copy === undefined });
  const navigate = useNavigate();
  const { history } = useRouter();
  const initial = (): Draft => {
    if (original.data?.task) return copyOf(original.data.task);
    const schedules = [newSchedule(localZone(), 'first')];
    return { ...newDraft(), schedules, automationId: automation ?? '' };
  };
  return (
    <Page
      title={messages.newTitle}
      crumbs={[{ label: messages.tasks, link: { to: '/tasks' } }, { label: messages.newTitle }]}
    >
      {copy !== undefined && original.loading ? (
        <Bones lines={9} tall />
      ) : (
        <TaskForm
          initial={initial()}
          onCancel={() => history.back()}
          onSave={async (draft, key) => {
            const answer = await createTask({ input: inputOf(draft), key });
            if (answer.ok) {
              done(messages.created(answer.value.name));
              void navigate({ to: '/tasks/$taskId', params: { taskId: answer.value.id } });
            }
            return answer;
          }}
        />
      )}
    </Page>
  );
}
