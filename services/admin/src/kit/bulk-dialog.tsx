import { Button, Modal, Progress, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Answer } from '../graphql/actions.js';
import { formatCount } from '../numbers.js';
import { type BulkItem, type BulkProgress, runBulk } from './bulk.js';
import classes from './bulk.module.css';
import { messages } from './messages.js';
import { reasonOf } from './use-action.js';

export interface BulkAction {
  label: string;
  /** What it does, said before it is done. */
  does: string;
  act: (item: BulkItem) => Promise<Answer<unknown>>;
}

interface BulkDialogProps {
  action: BulkAction;
  items: readonly BulkItem[];
  onClose: () => void;
}

const SAMPLE = 5;
/** From so many on the number is typed. */
const TYPED_FROM = 100;

/** Says how many and which, then how far it is, then what was refused. */
export function BulkDialog({ action, items: asked, onClose }: BulkDialogProps) {
  const [items, setItems] = useState(asked);
  const [progress, setProgress] = useState<BulkProgress>();
  const [running, setRunning] = useState(false);
  const stopped = useRef(false);
  const start = (wanted: readonly BulkItem[]): void => {
    stopped.current = false;
    setItems(wanted);
    setRunning(true);
    void runBulk({
      items: wanted,
      act: action.act,
      reasonOf: ({ refusal }) => reasonOf(refusal),
      isStopped: () => stopped.current,
      onProgress: setProgress,
    }).finally(() => setRunning(false));
  };
  const close = (): void => {
    stopped.current = true;
    onClose();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={messages.bulkTitle(action.label, formatCount(items.length))}
      size={480}
      closeButtonProps={{ 'aria-label': messages.close }}
    >
      {progress || running ? (
        <Going
          total={items.length}
          progress={progress}
          isRunning={running}
          onStop={() => {
            stopped.current = true;
          }}
          onAgain={start}
          onClose={close}
        />
      ) : (
        <Asking action={action} items={items} onStart={() => start(items)} onClose={close} />
      )}
    </Modal>
  );
}

interface AskingProps extends BulkDialogProps {
  onStart: () => void;
}

function Asking({ action, items, onStart, onClose }: AskingProps) {
  const [typed, setTyped] = useState('');
  const mustType = items.length >= TYPED_FROM;
  return (
    <>
      <p>{action.does}</p>
      <p className={classes.sampleHead}>{messages.bulkSample}</p>
      <ul className={classes.sample}>
        {items.slice(0, SAMPLE).map((item) => (
          <li key={item.id} className="truncate">
            {item.name}
          </li>
        ))}
        {items.length > SAMPLE ? (
          <li className="muted">{messages.bulkMore(formatCount(items.length - SAMPLE))}</li>
        ) : null}
      </ul>
      {mustType ? (
        <TextInput
          label={messages.bulkType(items.length)}
          value={typed}
          inputMode="numeric"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : null}
      <div className={classes.foot}>
        <Button onClick={onClose}>{messages.cancel}</Button>
        <Button
          variant="filled"
          data-autofocus={mustType ? undefined : true}
          disabled={mustType && typed.trim() !== `${items.length}`}
          onClick={onStart}
        >
          {action.label}
        </Button>
      </div>
    </>
  );
}

interface GoingProps {
  total: number;
  progress: BulkProgress | undefined;
  isRunning: boolean;
  onStop: () => void;
  onAgain: (items: readonly BulkItem[]) => void;
  onClose: () => void;
}

function Going({ total, progress, isRunning, onStop, onAgain, onClose }: GoingProps) {
  const { done, refused, left } = progress ?? { done: 0, refused: [], left: [] };
  const ended = done + refused.length;
  const sofar = messages.bulkProgress(formatCount(ended), formatCount(total));
  const parts = [
    messages.bulkDone(formatCount(done)),
    refused.length > 0 ? messages.bulkFailed(formatCount(refused.length)) : '',
    left.length > 0 ? messages.bulkStopped(formatCount(left.length)) : '',
  ];
  return (
    <>
      <Progress value={(ended / total) * 100} color="ink" aria-label={sofar} />
      <p className={classes.progress} aria-live="polite">
        {isRunning ? sofar : parts.filter(Boolean).join(', ')}
      </p>
      {refused.length > 0 ? (
        <ul className={classes.refused}>
          {refused.map(({ item, reason }) => (
            <li key={item.id}>
              <strong>{item.name}</strong> {reason}
            </li>
          ))}
        </ul>
      ) : null}
      <div className={classes.foot}>
        {isRunning ? (
          <Button onClick={onStop}>{messages.bulkStop}</Button>
        ) : (
          <>
            {refused.length > 0 ? (
              <Button onClick={() => onAgain(refused.map(({ item }) => item))}>
                {messages.bulkRetry}
              </Button>
            ) : null}
            <Button variant="filled" onClick={onClose}>
              {messages.close}
            </Button>
          </>
        )}
      </div>
    </>
  );
}
