import { Button, FileButton, TextInput } from '@mantine/core';
import { IconFileImport, IconFlag } from '@tabler/icons-react';
import { useState } from 'react';
import { serverNow } from '../clock.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { formatIso } from '../time/time.js';
import { type Days, readHolidays, readIcs } from './calendar-documents.js';
import classes from './calendars.module.css';
import { messages } from './messages.js';

interface CalendarImportsProps {
  name: string;
  onRead: (name: string, days: Days) => void;
}

interface Imported {
  name: string;
  days: Days;
  skipped: readonly { name: string; reason: string }[];
}

const YEAR_CHARS = 4;

const yearsFrom = (): string => {
  const year = Number(formatIso(serverNow()).slice(0, YEAR_CHARS));
  return `${year}, ${year + 1}`;
};

/** Fills the form: what came is seen, and changed if need be, before it is saved. */
export function CalendarImports({ name, onRead }: CalendarImportsProps) {
  const [country, setCountry] = useState('');
  const [state, setState] = useState('');
  const [years, setYears] = useState(yearsFrom);
  const take = ({ name: from, days, skipped }: Imported): void => {
    onRead(from, days);
    const count = days.dates.length + days.hours.length + days.times.length;
    const left = skipped.map((event) => `${event.name}: ${event.reason}`).join('; ');
    done(
      messages.added(count),
      skipped.length > 0 ? `${messages.skipped(skipped.length)}. ${left}` : undefined,
    );
  };
  const [holidays, reading] = useAction(
    () =>
      readHolidays({
        country: country.trim().toUpperCase(),
        ...(state.trim() === '' ? {} : { state: state.trim().toUpperCase() }),
        years: years
          .split(/[\s,]+/)
          .filter(Boolean)
          .map(Number),
      }),
    take,
  );
  const [ics, opening] = useAction(
    async (file: File) =>
      readIcs(name.trim() || file.name.replace(/\.ics$/i, ''), await file.text()),
    take,
  );
  return (
    <fieldset className={classes.imports}>
      <legend>{messages.imports}</legend>
      <p className={classes.note}>{messages.importNote}</p>
      <div className={classes.holidays}>
        <TextInput
          label={messages.country}
          placeholder={messages.countryHint}
          value={country}
          onChange={(event) => setCountry(event.currentTarget.value)}
        />
        <TextInput
          label={messages.state}
          placeholder={messages.stateHint}
          value={state}
          onChange={(event) => setState(event.currentTarget.value)}
        />
        <TextInput
          label={messages.years}
          value={years}
          onChange={(event) => setYears(event.currentTarget.value)}
        />
      </div>
      <div className={classes.importActions}>
        <Button
          size="xs"
          loading={reading}
          disabled={country.trim() === ''}
          leftSection={<IconFlag size={14} />}
          onClick={() => holidays()}
        >
          {messages.readHolidays}
        </Button>
        <FileButton accept=".ics,text/calendar" onChange={(file) => file && ics(file)}>
          {(props) => (
            <Button
              {...props}
              size="xs"
              loading={opening}
              leftSection={<IconFileImport size={14} />}
            >
              {messages.icsPick}
            </Button>
          )}
        </FileButton>
      </div>
      <p className={classes.note}>{messages.holidaysBy}</p>
    </fieldset>
  );
}
