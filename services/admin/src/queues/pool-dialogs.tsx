import { Button, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAskFirst } from '../kit/ask-first.js';
import { FormDialog } from '../kit/form-dialog.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { messages } from './messages.js';
import { createPool, deletePool, type Pool, pausePool, updatePool } from './queue-documents.js';

const MAX_REASON = 500;
const RATE_DECIMALS = 6;

export function PausePool({ name, onClose }: { name: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [pause, pausing] = useAction(
    () => pausePool(name, reason.trim() || undefined),
    () => {
      done(messages.pausedToast(name));
      onClose();
    },
  );
  return (
    <FormDialog
      title={messages.pauseTitle(name)}
      action={messages.pause}
      busy={pausing}
      onSubmit={pause}
      onClose={onClose}
    >
      <p>{messages.pauseDoes}</p>
      <Textarea
        label={messages.reason}
        description={messages.reasonHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data-autofocus
        value={reason}
        maxLength={MAX_REASON}
        autosize
        minRows={1}
        maxRows={4}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

interface EditPoolProps {
  /** Without it a new one. */
  pool?: Pool;
  onClose: () => void;
}

export function EditPool({ pool, onClose }: EditPoolProps) {
  const [name, setName] = useState(pool?.name ?? '');
  const [description, setDescription] = useState(pool?.description ?? '');
  const [most, setMost] = useState<number | ''>(pool?.maxConcurrent ?? '');
  const [rate, setRate] = useState<number | ''>(pool?.computeRate ?? 0);
  const input = {
    description: description.trim(),
    maxConcurrent: most === '' ? null : most,
    computeRate: rate === '' ? 0 : rate,
  };
  const [save, saving] = useAction(
    () => (pool ? updatePool(pool, input) : createPool(name.trim(), input)),
    (saved) => {
      done(messages.saved(saved.name));
      onClose();
    },
  );
  return (
    <FormDialog
      title={pool ? messages.editTitle(pool.name) : messages.newPool}
      action={pool ? messages.save : messages.create}
      busy={saving}
      disabled={name.trim() === ''}
      onSubmit={save}
      onClose={onClose}
      aside={pool && !pool.builtIn ? <RemovePool pool={pool} onRemoved={onClose} /> : undefined}
    >
      {pool ? null : (
        <TextInput
          label={messages.name}
          description={messages.nameHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
      )}
      <TextInput
        label={messages.description}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <NumberInput
        label={messages.maxConcurrent}
        description={messages.maxHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder="∞"
        min={1}
        value={most}
        onChange={(value) => setMost(value === '' ? '' : Number(value))}
      />
      <NumberInput
        label={messages.computeRate}
        description={messages.computeRateHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        min={0}
        decimalScale={RATE_DECIMALS}
        hideControls
        value={rate}
        onChange={(value) => setRate(value === '' ? '' : Number(value))}
      />
    </FormDialog>
  );
}

function RemovePool({ pool, onRemoved }: { pool: Pool; onRemoved: () => void }) {
  const [remove, dialog] = useAskFirst({
    title: messages.removeTitle(pool.name),
    action: messages.remove,
    act: () => deletePool(pool.name),
    onDone: () => {
      done(messages.removed(pool.name));
      onRemoved();
    },
    children: <p>{messages.removePoolDoes}</p>,
  });
  return (
    <>
      <Button color="danger" onClick={remove}>
        {messages.remove}
      </Button>
      {dialog}
    </>
  );
}
