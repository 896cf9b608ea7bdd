import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import classes from './form.module.css';
import type { Choices } from './form-documents.js';
import { messages } from './messages.js';
import { type CalendarUse, calendarActions, calendarRoles } from './policies.js';

interface CalendarFieldsProps {
  uses: readonly CalendarUse[];
  choices: Choices | undefined;
  problem: string | undefined;
  onChange: (uses: readonly CalendarUse[]) => void;
}

const options = <T extends string>(values: readonly T[], labels: Record<T, string>) =>
  values.map((value) => ({ value, label: labels[value] }));

const roleOptions = options(calendarRoles, messages.calendarRoles);
const actionOptions = options(calendarActions, messages.calendarActions);

/** Which calendars stand in the way of a run, and what becomes of it then. */
export function CalendarFields({ uses, choices, problem, onChange }: CalendarFieldsProps) {
  const known = (choices?.calendars ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const free = known.find(({ value }) => uses.every((use) => use.calendarId !== value));
  const change = (place: number, part: Partial<CalendarUse>): void =>
    onChange(uses.map((use, at) => (at === place ? { ...use, ...part } : use)));
  return (
    <fieldset className={classes.calendars}>
      <legend>{messages.calendars}</legend>
      {uses.map((use, place) => (
        <div key={use.calendarId} className={classes.calendarUse}>
          <Select
            aria-label={messages.calendarRole}
            data={roleOptions}
            value={use.role}
            allowDeselect={false}
            onChange={(role) => role && change(place, { role })}
          />
          <Select
            aria-label={messages.calendar}
            data={
              known.some(({ value }) => value === use.calendarId)
                ? known
                : [...known, { value: use.calendarId, label: messages.calendarGone }]
            }
            value={use.calendarId}
            searchable
            allowDeselect={false}
            onChange={(calendarId) => calendarId && change(place, { calendarId })}
          />
          <Select
            aria-label={messages.calendarAction}
            data={actionOptions}
            value={use.action}
            allowDeselect={false}
            onChange={(action) => action && change(place, { action })}
          />
          <ActionIcon
            aria-label={messages.removeCalendar}
            onClick={() => onChange(uses.filter((_, at) => at !== place))}
          >
            <IconTrash size={16} stroke={1.7} />
          </ActionIcon>
        </div>
      ))}
      {problem ? <p className={classes.wrong}>{problem}</p> : null}
      {free ? (
        <Button
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            onChange([...uses, { calendarId: free.value, role: 'exclude', action: 'skip' }])
          }
        >
          {messages.addCalendar}
        </Button>
      ) : uses.length === 0 && choices ? (
        <p className={classes.hint}>{messages.calendarsNone}</p>
      ) : null}
    </fieldset>
  );
}
