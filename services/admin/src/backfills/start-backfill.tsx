import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import { serverNow } from '../clock.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { instantOf } from '../maintenance/state.js';
import { formatCount } from '../numbers.js';
import { usePreference } from '../preferences.js';
import type { TaskWhole } from '../tasks/task-document.js';
import { Stamp } from '../time/stamp.js';
import { formatIso, zoneAbbreviation } from '../time/time.js';
import { useZone } from '../time/zone.js';
import { writtenAs } from '../words.js';
import {
  type BackfillInput,
  PreviewBackfillDocument,
  startBackfill,
} from './backfill-documents.js';
import classes from './backfills.module.css';
import { messages } from './messages.js';

const options = (labels: Record<string, string>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

const orderOptions = options(messages.orders);
const reprocessOptions = options(messages.reprocesses);
const AT_A_TIME = 2;

const begin = (task: TaskWhole) => ({
  scheduleId: task.schedules[0]?.id ?? '',
  from: '',
  to: '',
  order: 'forward',
  reprocess: 'none',
  concurrency: AT_A_TIME,
  note: '',
});

/** A range of past slots, with what it would run before it is begun. */
export function StartBackfill({ task }: { task: TaskWhole }) {
  const [draft, setDraft] = useState(() => begin(task));
  const zone = usePreference('zone');
  const name = zoneAbbreviation(serverNow(), useZone());
  const change = (part: Partial<typeof draft>): void => setDraft((now) => ({ ...now, ...part }));
  const from = instantOf(draft.from, zone);
  const to = instantOf(draft.to, zone);
  const input: BackfillInput | undefined =
    from === undefined || to === undefined
      ? undefined
      : {
          scheduleId: draft.scheduleId,
          from: formatIso(from),
          to: formatIso(to),
          order: draft.order,
          reprocess: draft.reprocess,
          concurrency: draft.concurrency,
          ...(draft.note.trim() === '' ? {} : { note: draft.note.trim() }),
        };
  const [start, starting] = useAction(
    (wanted: BackfillInput) => startBackfill(task.id, wanted),
    () => {
      done(messages.begun);
      setDraft(begin(task));
    },
  );
  const field = (name: 'from' | 'to', label: string, hint?: string) => (
    <TextInput
      type="datetime-local"
      step={1}
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={draft[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (input) start(input);
      }}
    >
      <Select
        label={messages.schedule}
        data={task.schedules.map((schedule) => ({
          value: schedule.id,
          label: schedule.name || writtenAs(schedule),
        }))}
        value={draft.scheduleId}
        allowDeselect={false}
        onChange={(scheduleId) => scheduleId && change({ scheduleId })}
      />
      {field('from', messages.from(name))}
      {field('to', messages.to(name), messages.toHint)}
      <Select
        label={messages.reprocess}
        data={reprocessOptions}
        value={draft.reprocess}
        allowDeselect={false}
        onChange={(reprocess) => reprocess && change({ reprocess })}
      />
      <div className={classes.two}>
        <Select
          label={messages.order}
          data={orderOptions}
          value={draft.order}
          allowDeselect={false}
          onChange={(order) => order && change({ order })}
        />
        <NumberInput
          label={messages.concurrency}
          min={1}
          value={draft.concurrency}
          onChange={(value) => change({ concurrency: Math.max(1, Number(value) || 1) })}
        />
      </div>
      <TextInput
        label={messages.note}
        value={draft.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <Plan taskId={task.id} input={input} />
      <Button type="submit" variant="filled" loading={starting} disabled={!input}>
        {messages.begin}
      </Button>
    </form>
  );
}

const EMPTY: BackfillInput = { scheduleId: '', from: '', to: '' };

function Plan({ taskId, input }: { taskId: string; input: BackfillInput | undefined }) {
  const asked = useDeferredValue(input);
  const { data, error } = useLiveQuery(
    PreviewBackfillDocument,
    { taskId, input: asked ?? EMPTY },
    { pause: !asked },
  );
  const plan = asked ? data?.previewBackfill : undefined;
  return (
    <section className={classes.plan} aria-live="polite" aria-label={messages.plan}>
      <h3>{messages.plan}</h3>
      {!asked ? (
        <p className="muted">{messages.give}</p>
      ) : error ? (
        <p className={classes.wrong}>{error.graphQLErrors[0]?.message ?? error.message}</p>
      ) : plan?.count === 0 ? (
        <p className="muted">{messages.nothing}</p>
      ) : plan ? (
        <>
          <p>
            <strong>{messages.planned(formatCount(plan.count))}</strong>
            {plan.leftOut > 0 ? `, ${messages.leftOut(formatCount(plan.leftOut))}` : ''}
          </p>
          <p className="muted">
            <Stamp at={plan.first?.at} /> {messages.to1} <Stamp at={plan.last?.at} />
          </p>
        </>
      ) : null}
    </section>
  );
}
