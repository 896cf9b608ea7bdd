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
import { useShortcuts } from '../app/shortcuts.js';
import { useAskFirst } from '../kit/ask-first.js';
import { LinkButton } from '../kit/link-button.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { runTask } from '../runs/start-run.js';
import { useStart } from '../runs/use-start.js';
import { deleteTask, pauseTask, resumeTask } from './change-task.js';
import { messages } from './messages.js';
import type { TaskWhole } from './task-document.js';

export function TaskActions({ task }: { task: TaskWhole }) {
  const navigate = useNavigate();
  const paused = task.status === 'paused';
  const [run, running] = useStart(() => runTask(task.id));
  const [toggle, toggling] = useAction(
    () => (paused ? resumeTask(task.id) : pauseTask(task.id)),
    () => done(paused ? messages.resumedToast(task.name) : messages.pausedToast(task.name)),
  );
  const [remove, removal] = useAskFirst({
    title: messages.deleteTitle(task.name),
    action: messages.deleteAction,
    act: () => deleteTask(task.id),
    onDone: () => {
      done(messages.deletedToast(task.name));
      void navigate({ to: '/tasks' });
    },
    children: <p>{messages.deleteBody}</p>,
  });
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
            onClick={remove}
          >
            {messages.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {removal}
    </>
  );
}
