import { Tooltip } from '@mantine/core';
import { IconAlertOctagon, IconClock, IconDownload, IconTextWrap } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { RunSearch } from '../app/searches.js';
import { after } from '../clock.js';
import { formatCount } from '../numbers.js';
import { setPreference, usePreference } from '../preferences.js';
import { plainText } from './ansi.js';
import classes from './log.module.css';
import { type LogLevel, type LogLine, logLevels } from './log-window.js';
import { messages } from './messages.js';

const FIND_WAIT_MS = 200;

interface LogBarProps {
  executionId: string;
  attempts: number;
  search: RunSearch;
  onSearch: (change: RunSearch) => void;
  counts: Readonly<Record<LogLevel, number>>;
  lines: readonly LogLine[];
  toError: () => void;
  setLevel: (level: LogLevel) => void;
}

/** Level, attempt and text that are shown; how they are shown; and a way to take them along. */
export function LogBar(props: LogBarProps) {
  const { executionId, attempts, search, onSearch, counts, lines, toError, setLevel } = props;
  const wrap = usePreference('logWrap');
  const time = usePreference('logTime');
  const level = search.level ?? 'debug';
  return (
    <div className={classes.bar}>
      <fieldset className={classes.levels}>
        <legend className="visually-hidden">{messages.levelAtLeast}</legend>
        {logLevels.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === level}
            data-level={each}
            onClick={() => setLevel(each)}
          >
            {messages.levels[each]}
            {(each === 'warn' || each === 'error') && counts[each] > 0 ? (
              <span>{formatCount(counts[each])}</span>
            ) : null}
          </button>
        ))}
      </fieldset>
      {attempts > 1 ? (
        <select
          className={classes.attempt}
          aria-label={messages.attempt}
          value={search.attempt ?? ''}
          onChange={(event) => onSearch({ attempt: event.currentTarget.value || undefined })}
        >
          <option value="">{messages.allAttempts}</option>
          {Array.from({ length: attempts }, (_, place) => place + 1).map((attempt) => (
            <option key={attempt} value={attempt}>
              {messages.attempt} {attempt}
            </option>
          ))}
        </select>
      ) : null}
      <LogFind value={search.find ?? ''} onChange={(find) => onSearch({ find })} />
      <span className={classes.count}>{messages.lines(formatCount(lines.length))}</span>
      <div className={classes.tools}>
        <Tool label={messages.firstError} onClick={toError} disabled={counts.error === 0}>
          <IconAlertOctagon size={16} stroke={1.7} />
        </Tool>
        <Tool
          label={time === 'clock' ? messages.elapsed : messages.clock}
          pressed={time === 'elapsed'}
          onClick={() => setPreference('logTime', time === 'clock' ? 'elapsed' : 'clock')}
        >
          <IconClock size={16} stroke={1.7} />
        </Tool>
        <Tool label={messages.wrap} pressed={wrap} onClick={() => setPreference('logWrap', !wrap)}>
          <IconTextWrap size={16} stroke={1.7} />
        </Tool>
        <Tool label={messages.download} onClick={() => download(executionId, lines)}>
          <IconDownload size={16} stroke={1.7} />
        </Tool>
      </div>
    </div>
  );
}

interface ToolProps {
  label: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function Tool({ label, pressed, disabled, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <button
        type="button"
        className={classes.tool}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </button>
    </Tooltip>
  );
}

function LogFind({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return undefined;
    return after(FIND_WAIT_MS, () => onChange(typed));
  }, [typed, value, onChange]);
  return (
    <input
      type="search"
      className={classes.find}
      value={typed}
      placeholder={messages.find}
      aria-label={messages.find}
      spellCheck={false}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

function download(executionId: string, lines: readonly LogLine[]): void {
  const text = lines.map(
    (line) => `${line.timestamp} ${line.attempt} ${line.level} ${plainText(line.message)}\n`,
  );
  const url = URL.createObjectURL(new Blob(text, { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = messages.fileName(executionId);
  link.click();
  URL.revokeObjectURL(url);
}
