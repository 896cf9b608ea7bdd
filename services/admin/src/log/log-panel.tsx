import { Tooltip } from '@mantine/core';
import { IconAlertOctagon, IconClock, IconDownload, IconTextWrap } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RunSearch } from '../app/searches.js';
import { useShortcuts } from '../app/shortcuts.js';
import { after } from '../clock.js';
import { Bones } from '../kit/states.js';
import { formatCount } from '../numbers.js';
import { setPreference, usePreference } from '../preferences.js';
import { useZone } from '../time/zone.js';
import { plainText } from './ansi.js';
import classes from './log.module.css';
import { LogLineRow, lineName } from './log-line.js';
import { useLogTail } from './log-tail.js';
import { filterLines, type LogLevel, type LogLine, logLevels } from './log-window.js';
import { messages } from './messages.js';

interface LogPanelProps {
  executionId: string;
  startedAt: string | null;
  ended: boolean;
  attempts: number;
  search: RunSearch;
  onSearch: (change: RunSearch) => void;
}

const LINE_PX = 20;
const BOTTOM_SLACK_PX = 24;
const FIND_WAIT_MS = 200;

export function LogPanel(props: LogPanelProps) {
  const { executionId, startedAt, search, onSearch } = props;
  const { window, loading, failed } = useLogTail(executionId);
  const zone = useZone();
  const wrap = usePreference('logWrap');
  const timeMode = usePreference('logTime');
  const attempt = search.attempt === undefined ? undefined : Number(search.attempt);
  const level = search.level ?? 'debug';
  const lines = useMemo(
    () => filterLines(window.lines, { level, attempt, text: search.find }),
    [window.lines, level, attempt, search.find],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(search.line === undefined);
  const [seen, setSeen] = useState(0);

  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 30,
    getItemKey: (index) => lines[index]?.cursor ?? index,
  });

  useEffect(() => {
    if (!follow || lines.length === 0) return;
    virtual.scrollToIndex(lines.length - 1, { align: 'end' });
    setSeen(lines.length);
  }, [follow, lines.length, virtual]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights change with wrapping
  useEffect(() => virtual.measure(), [wrap, virtual]);

  const goTo = useCallback(
    (index: number) => {
      setFollow(false);
      virtual.scrollToIndex(index, { align: 'center' });
    },
    [virtual],
  );
  const arrived = useRef(false);
  useEffect(() => {
    if (arrived.current || search.line === undefined) return;
    const index = lines.findIndex((line) => lineName(line) === search.line);
    if (index < 0) return;
    arrived.current = true;
    goTo(index);
  }, [lines, search.line, goTo]);

  const errorAt = useRef(-1);
  const toError = useCallback(() => {
    const next = lines.findIndex((line, at) => at > errorAt.current && line.level === 'error');
    errorAt.current = next >= 0 ? next : lines.findIndex((line) => line.level === 'error');
    if (errorAt.current >= 0) goTo(errorAt.current);
  }, [lines, goTo]);

  const setLevel = (to: LogLevel): void => onSearch({ level: to === 'debug' ? undefined : to });
  useLogShortcuts({ setFollow, setLevel, toError });

  const onMark = useCallback(
    (line: string) => onSearch({ line: line === search.line ? undefined : line }),
    [onSearch, search.line],
  );
  const onScroll = (): void => {
    const box = scroller.current;
    if (!box) return;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < BOTTOM_SLACK_PX;
    if (atEnd) setSeen(lines.length);
    if (atEnd !== follow) setFollow(atEnd);
  };
  const sinceMs =
    timeMode === 'elapsed' ? Date.parse(startedAt ?? lines[0]?.timestamp ?? '') : undefined;
  const unseen = Math.max(0, lines.length - seen);

  return (
    <div className={classes.panel}>
      <LogBar
        {...props}
        counts={window.counts}
        lines={lines}
        toError={toError}
        setLevel={setLevel}
      />
      {window.dropped > 0 ? (
        <p className={classes.dropped}>{messages.dropped(formatCount(window.dropped))}</p>
      ) : null}
      <div className={classes.frame}>
        <div
          ref={scroller}
          className={classes.scroller}
          data-wrap={wrap}
          role="log"
          aria-live={follow ? 'polite' : 'off'}
          aria-label={messages.log}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus
          tabIndex={0}
          onScroll={onScroll}
        >
          {lines.length === 0 ? (
            <LogEmpty {...props} loading={loading} failed={failed} any={window.lines.length > 0} />
          ) : (
            <div className={classes.lines} style={{ height: virtual.getTotalSize() }}>
              {virtual.getVirtualItems().map((item) => {
                const line = lines[item.index];
                return line === undefined ? null : (
                  <div
                    key={item.key}
                    ref={virtual.measureElement}
                    data-index={item.index}
                    className={classes.slot}
                    style={{ translate: `0 ${item.start}px` }}
                  >
                    <LogLineRow
                      line={line}
                      zone={zone}
                      sinceMs={sinceMs}
                      marked={search.line === lineName(line)}
                      onMark={onMark}
                    />
                  </div>
                );
              })}
            </div>
          )}
        </div>
        {follow ? null : (
          <button type="button" className={classes.follow} onClick={() => setFollow(true)}>
            {unseen > 0 ? messages.newLines(unseen) : `↓ ${messages.follow}`}
          </button>
        )}
      </div>
    </div>
  );
}

interface Keys {
  setFollow: (follow: boolean) => void;
  setLevel: (level: LogLevel) => void;
  toError: () => void;
}

function useLogShortcuts({ setFollow, setLevel, toError }: Keys): void {
  const wrap = usePreference('logWrap');
  const time = usePreference('logTime');
  useShortcuts(messages.log, [
    { keys: 'f', label: messages.shortcuts.follow, run: () => setFollow(true) },
    { keys: 'w', label: messages.shortcuts.wrap, run: () => setPreference('logWrap', !wrap) },
    {
      keys: 't',
      label: messages.shortcuts.time,
      run: () => setPreference('logTime', time === 'clock' ? 'elapsed' : 'clock'),
    },
    { keys: 'E', label: messages.shortcuts.error, run: toError },
    ...logLevels.map((level, place) => ({
      keys: `${place + 1}`,
      label: messages.shortcuts.level(messages.levels[level]),
      run: () => setLevel(level),
    })),
  ]);
}

interface LogBarProps extends LogPanelProps {
  counts: Readonly<Record<LogLevel, number>>;
  lines: readonly LogLine[];
  toError: () => void;
  setLevel: (level: LogLevel) => void;
}

function LogBar(props: LogBarProps) {
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

interface LogEmptyProps extends LogPanelProps {
  loading: boolean;
  failed: boolean;
  any: boolean;
}

function LogEmpty({ loading, failed, any, ended, onSearch }: LogEmptyProps) {
  if (failed) return <p className={classes.empty}>{messages.failed}</p>;
  if (any)
    return (
      <p className={classes.empty}>
        {messages.emptyFilter}{' '}
        <button
          type="button"
          className="link"
          onClick={() => onSearch({ level: undefined, attempt: undefined, find: undefined })}
        >
          {messages.showAll}
        </button>
      </p>
    );
  if (loading && ended) return <Bones lines={6} />;
  return <p className={classes.empty}>{ended ? messages.emptyEnded : messages.empty}</p>;
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
