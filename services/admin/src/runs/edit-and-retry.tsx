import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { messages as kitMessages } from '../kit/messages.js';
import { readObject } from '../kit/read-object.js';
import { messages } from './messages.js';
import classes from './run.module.css';

interface EditAndRetryProps {
  parameters: unknown;
  busy: boolean;
  onRetry: (parameters: Record<string, unknown>) => void;
  onClose: () => void;
}

/** The same run again with an input that is changed first. */
export function EditAndRetry({ parameters, busy, onRetry, onClose }: EditAndRetryProps) {
  const [text, setText] = useState(() => JSON.stringify(parameters ?? {}, null, 2));
  const read = readObject(text);
  return (
    <Modal
      opened
      onClose={onClose}
      title={messages.retryEdited}
      size={560}
      closeButtonProps={{ 'aria-label': kitMessages.close }}
    >
      <Textarea
        label={messages.input}
        data-autofocus
        value={text}
        error={'reason' in read ? messages.jsonInvalid(read.reason) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        classNames={{ input: 'mono' }}
        autosize
        minRows={6}
        maxRows={22}
        spellCheck={false}
      />
      <div className={classes.foot}>
        <Button onClick={onClose}>{kitMessages.cancel}</Button>
        <Button
          variant="filled"
          loading={busy}
          disabled={'reason' in read}
          onClick={() => 'object' in read && onRetry(read.object)}
        >
          {messages.retry}
        </Button>
      </div>
    </Modal>
  );
}
