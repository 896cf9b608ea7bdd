import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconPlayerStop, IconRefresh, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useShortcuts } from '../app/shortcuts.js';
import { useAskFirst } from '../kit/ask-first.js';
import { done } from '../kit/toast.js';
import { isOpen } from '../status/status.js';
import { EditAndRetry } from './edit-and-retry.js';
import { messages } from './messages.js';
import type { Run } from './run-document.js';
import { cancelExecution, retryExecution, runTask } from './start-run.js';
import { useStart } from './use-start.js';

export function RunActions({ run }: { run: Run }) {
  return isOpen(run.status) ? <Cancelling run={run} /> : <Retrying run={run} />;
}

/** First it is asked to stop; what does not stop in its grace can be ended at once. */
function Cancelling({ run }: { run: Run }) {
  const force = run.cancelRequested;
  const [cancel, dialog] = useAskFirst({
    title: force ? messages.forceTitle : messages.cancelTitle,
    action: force ? messages.forceAction : messages.cancelAction,
    act: () => cancelExecution(run.id, force ? { force: true } : {}),
    onDone: () => done(messages.cancelled),
    children: <p>{force ? messages.forceBody : messages.cancelBody}</p>,
  });
  const label = force ? messages.force : messages.cancel;
  useShortcuts(messages.run, [{ keys: 'c', label, run: cancel }]);
  return (
    <>
      <Button
        {...(force ? { color: 'danger' } : {})}
        leftSection={force ? <IconX size={15} /> : <IconPlayerStop size={15} />}
        onClick={cancel}
      >
        {label}
      </Button>
      {dialog}
    </>
  );
}

function Retrying({ run }: { run: Run }) {
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const again = run.status === 'success' || run.status === 'skipped';
  const [start, starting] = useStart(
    (edited?: Record<string, unknown>) =>
      again
        ? runTask(run.taskId, { parameters: edited ?? (run.parameters as Record<string, unknown>) })
        : retryExecution(run.id, edited),
    ({ executionId }) => void navigate({ to: '/runs/$runId', params: { runId: executionId } }),
  );
  const label = again ? messages.runAgain : messages.retry;
  useShortcuts(messages.run, [
    { keys: 'r', label, run: () => start() },
    { keys: 'e', label: messages.retryEdited, run: () => setEditing(true) },
  ]);
  return (
    <>
      <Button
        variant={again ? 'default' : 'filled'}
        leftSection={<IconRefresh size={15} />}
        title={`${messages.retryHint} (r)`}
        loading={starting}
        onClick={() => start()}
      >
        {label}
      </Button>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={messages.moreActions}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={15} stroke={1.7} />}
            onClick={() => setEditing(true)}
          >
            {messages.retryEdited}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {editing ? (
        <EditAndRetry
          parameters={run.parameters}
          busy={starting}
          onRetry={start}
          onClose={() => setEditing(false)}
        />
      ) : null}
    </>
  );
}
