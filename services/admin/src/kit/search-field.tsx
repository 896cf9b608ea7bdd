import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useShortcuts } from '../app/shortcuts.js';
import { after } from '../clock.js';
import classes from './kit.module.css';
import { messages } from './messages.js';

const WAIT_MS = 200;

interface SearchFieldProps {
  value: string;
  label: string;
  onChange: (value: string) => void;
}

/** Tells its text when the typing pauses; `/` comes here from anywhere. */
export function SearchField({ value, label, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === told.current) return undefined;
    return after(WAIT_MS, () => {
      told.current = typed;
      onChange(typed);
    });
  }, [typed, onChange]);
  useShortcuts(messages.search, [
    { keys: '/', label: messages.focusSearch, run: () => field.current?.select() },
  ]);
  return (
    <search className={classes.search}>
      <IconSearch size={15} stroke={1.8} aria-hidden="true" />
      <input
        ref={field}
        type="search"
        value={typed}
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {typed ? (
        <button type="button" aria-label={messages.clear} onClick={() => setTyped('')}>
          <IconX size={14} />
        </button>
      ) : (
        <kbd>/</kbd>
      )}
    </search>
  );
}
