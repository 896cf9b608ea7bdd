import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Answer } from '../graphql/actions.js';
import { useAskFirst } from '../kit/ask-first.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { type Calendar, type Days, deleteCalendar, saveCalendar } from './calendar-documents.js';
import { CalendarImports } from './calendar-imports.js';
import classes from './calendars.module.css';
import { type DaysText, daysText, readDays } from './days-text.js';
import { messages } from './messages.js';

const NO_DAYS: Days = { zone: null, dates: [], hours: [], times: [] };

interface CalendarEditorProps {
  /** Without it a new one. */
  calendar: Calendar | undefined;
  onClose: () => void;
}

export function CalendarEditor({ calendar, onClose }: CalendarEditorProps) {
  const [name, setName] = useState(calendar?.name ?? '');
  const [zone, setZone] = useState(calendar?.days.zone ?? null);
  const [text, setText] = useState<DaysText>(() => daysText(calendar?.days ?? NO_DAYS));
  const [tried, setTried] = useState(false);
  const read = useMemo(() => readDays(text), [text]);
  const [save, saving] = useAction<[], { name: string }>(
    async (): Promise<Answer<{ name: string }>> => {
      const days = { ...(read.ok ? read.days : {}), ...(zone ? { zone } : {}) };
      return saveCalendar(calendar?.id, name.trim(), days);
    },
    (saved) => {
      done(messages.saved(saved.name));
      onClose();
    },
  );
  const lines = (field: keyof DaysText, label: string, hint: string) => (
    <Textarea
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={text[field]}
      error={tried && !read.ok ? read.wrong[field] : undefined}
      onChange={(event) => setText({ ...text, [field]: event.currentTarget.value })}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      autosize
      minRows={2}
      maxRows={12}
    />
  );
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (read.ok && name.trim() !== '') save();
      }}
    >
      <TextInput
        label={messages.name}
        value={name}
        error={tried && name.trim() === '' ? messages.nameMissing : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={messages.zone}
        placeholder={messages.zoneOfSchedule}
        data={ZONES}
        value={zone}
        searchable
        clearable
        limit={60}
        onChange={setZone}
      />
      {lines('dates', messages.datesLabel, messages.datesHint)}
      {lines('hours', messages.hoursLabel, messages.hoursHint)}
      {lines('times', messages.timesLabel, messages.timesHint)}
      <CalendarImports
        name={name}
        onRead={(imported, days) => {
          if (name === '') setName(imported);
          const more = daysText(days);
          setText((now) => ({
            dates: joined(now.dates, more.dates),
            hours: joined(now.hours, more.hours),
            times: joined(now.times, more.times),
          }));
        }}
      />
      <div className={classes.foot}>
        {calendar ? <DeleteCalendar calendar={calendar} onDeleted={onClose} /> : null}
        <Button onClick={onClose}>{messages.cancel}</Button>
        <Button type="submit" variant="filled" loading={saving}>
          {messages.save}
        </Button>
      </div>
    </form>
  );
}

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Lines that are there already are not added again. */
function joined(before: string, more: string): string {
  const lines = [...before.split('\n'), ...more.split('\n')].filter((line) => line.trim() !== '');
  return [...new Set(lines)].join('\n');
}

function DeleteCalendar({ calendar, onDeleted }: { calendar: Calendar; onDeleted: () => void }) {
  const [remove, removal] = useAskFirst({
    title: messages.removeTitle(calendar.name),
    action: messages.remove,
    act: () => deleteCalendar(calendar.id),
    onDone: () => {
      done(messages.removed(calendar.name));
      onDeleted();
    },
    children: <p>{messages.removeBody}</p>,
  });
  return (
    <>
      <Button color="danger" leftSection={<IconTrash size={15} stroke={1.7} />} onClick={remove}>
        {messages.remove}
      </Button>
      {removal}
    </>
  );
}
