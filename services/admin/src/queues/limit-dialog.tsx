import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Refusal } from '../graphql/actions.js';
import { useAskFirst } from '../kit/ask-first.js';
import { FormDialog } from '../kit/form-dialog.js';
import { done } from '../kit/toast.js';
import { reasonOf } from '../kit/use-action.js';
import { messages } from './messages.js';
import { deleteLimit, type LimitInput, type NamedLimit, saveLimit } from './queue-documents.js';
import classes from './queues.module.css';

interface LimitDialogProps {
  /** Without it a new one. */
  limit?: NamedLimit;
  onClose: () => void;
}

type Field = number | '';

const draftOf = (limit: NamedLimit | undefined) => ({
  name: limit?.name ?? '',
  description: limit?.description ?? '',
  key: limit?.key ?? '',
  most: (limit?.maxConcurrent ?? '') as Field,
  count: (limit?.rate?.count ?? '') as Field,
  per: (limit?.rate?.per ?? '') as Field,
  exceeded: limit?.rate?.exceeded ?? 'wait',
});

type Draft = ReturnType<typeof draftOf>;

const inputOf = (draft: Draft): LimitInput => ({
  name: draft.name.trim(),
  description: draft.description.trim(),
  key: draft.key.trim(),
  ...(draft.most === '' ? {} : { maxConcurrent: draft.most }),
  ...(draft.count === '' && draft.per === ''
    ? {}
    : { rate: { count: Number(draft.count), per: Number(draft.per), exceeded: draft.exceeded } }),
});

const exceededOptions = Object.entries(messages.rateExceededs).map(([value, label]) => ({
  value,
  label,
}));

/** Where each field of the draft is in the input. */
const pointers: Record<keyof Draft, string> = {
  name: '/name',
  description: '/description',
  key: '/key',
  most: '/maxConcurrent',
  count: '/rate/count',
  per: '/rate/per',
  exceeded: '/rate/exceeded',
};

export function LimitDialog({ limit, onClose }: LimitDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(limit));
  const [refusal, setRefusal] = useState<Refusal>();
  const [saving, setSaving] = useState(false);
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));
  const save = (): void => {
    setSaving(true);
    void saveLimit(limit, inputOf(draft))
      .then((answer) => {
        if (!answer.ok) return setRefusal(answer.refusal);
        done(messages.saved(answer.value.name));
        onClose();
      })
      .finally(() => setSaving(false));
  };
  const wrong = (field: keyof Draft): string | undefined =>
    refusal?.problems.find((problem) => problem.field.endsWith(pointers[field]))?.message;
  const isTold = (Object.keys(pointers) as (keyof Draft)[]).some(wrong);
  const text = (name: 'name' | 'description' | 'key', label: string, hint?: string) => (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={draft[name]}
      error={wrong(name)}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
      classNames={name === 'key' ? { input: 'mono' } : {}}
      spellCheck={false}
    />
  );
  const number = (name: 'most' | 'count' | 'per', label: string) => (
    <NumberInput
      label={label}
      placeholder={messages.none}
      min={name === 'per' ? 0 : 1}
      hideControls
      value={draft[name]}
      error={wrong(name)}
      onChange={(value) => change({ [name]: value === '' ? '' : Number(value) })}
    />
  );
  return (
    <FormDialog
      title={limit ? messages.editTitle(limit.name) : messages.newLimit}
      action={limit ? messages.save : messages.create}
      busy={saving}
      disabled={draft.name.trim() === ''}
      onSubmit={save}
      onClose={onClose}
      aside={limit ? <RemoveLimit limit={limit} onRemoved={onClose} /> : undefined}
    >
      {refusal && !isTold ? (
        <p role="alert" className={classes.wrong}>
          {reasonOf(refusal)}
        </p>
      ) : null}
      {text('name', messages.name)}
      {text('description', messages.description)}
      {text('key', messages.key, messages.keyHint)}
      {number('most', messages.maxConcurrent)}
      <div className={classes.three}>
        {number('count', messages.rateCount)}
        {number('per', messages.ratePer)}
        <Select
          label={messages.rateExceeded}
          data={exceededOptions}
          value={draft.exceeded}
          allowDeselect={false}
          onChange={(exceeded) => exceeded && change({ exceeded })}
        />
      </div>
    </FormDialog>
  );
}

function RemoveLimit({ limit, onRemoved }: { limit: NamedLimit; onRemoved: () => void }) {
  const [remove, dialog] = useAskFirst({
    title: messages.removeTitle(limit.name),
    action: messages.remove,
    act: () => deleteLimit(limit.id),
    onDone: () => {
      done(messages.removed(limit.name));
      onRemoved();
    },
    children: <p>{messages.removeLimitDoes}</p>,
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
