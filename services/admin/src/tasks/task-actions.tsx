import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconCopy,
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerPlayFilled,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useShortcuts } from '../app/shortcuts.js';
import { deleteTask, pauseTask, resumeTask, runTask } from '../graphql/actions.js';
import { Confirm } from '../kit/confirm.js';
import { LinkButton } from '../kit/link-button.js';
import { done, refused } from '../kit/toast.js';
import { reasonOf, useAction } from '../kit/use-action.js';
import { toldOfRun } from '../runs/told-of-run.js';
import { messages } from './messages.js';
import type { TaskWhole } from './task-document.js';

export function TaskActions({ task }: { task: TaskWhole }) {
  const navigate = useNavigate();
  const [removing, setRemoving] = useState(false);
  const paused = task.status === 'paused';
  const [run, running] = useAction(
    () => runTask(task.id),
    (accepted) => toldOfRun(accepted),
  );
  const [toggle, toggling] = useAction(
    () => (paused ? resumeTask(task.id) : pauseTask(task.id)),
    () => done(paused ? messages.resumedToast(task.name) : messages.pausedToast(task.name)),
  );
  const edit = { to: '/tasks/$taskId/edit', params: { taskId: task.id } } as const;
  useShortcuts(messages.task, [
    { keys: 'r', label: messages.runNow, run: () => run() },
    { keys: 'p', label: paused ? messages.resume : messages.pause, run: () => toggle() },
    { keys: 'e', label: messages.edit, run: () => void navigate(edit) },
  ]);
  return (
    <>
      <Button
        loading={toggling}
        leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
        onClick={() => toggle()}
      >
        {paused ? messages.resume : messages.pause}
      </Button>
      <LinkButton {...edit} leftSection={<IconPencil size={15} />}>
        {messages.edit}
      </LinkButton>
      <Button
        variant="filled"
        loading={running}
        leftSection={<IconPlayerPlayFilled size={13} />}
        onClick={() => run()}
      >
        {messages.runNow}
      </Button>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={messages.more}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCopy size={15} stroke={1.7} />}
            onClick={() => void navigate({ to: '/tasks/new', search: { copy: task.id } })}
          >
            {messages.copyTask}
          </Menu.Item>
          <Menu.Item
            color="danger"
            leftSection={<IconTrash size={15} stroke={1.7} />}
            onClick={() => setRemoving(true)}
          >
            {messages.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {removing ? (
        <Confirm
          title={messages.deleteTitle(task.name)}
          action={messages.deleteAction}
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            const answer = await deleteTask(task.id);
            setRemoving(false);
            if (!answer.ok) return refused(messages.remove, reasonOf(answer.refusal));
            done(messages.deletedToast(task.name));
            await navigate({ to: '/tasks' });
          }}
        >
          <p>{messages.deleteBody}</p>
        </Confirm>
      ) : null}
    </>
  );
}
