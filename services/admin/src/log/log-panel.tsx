import { useCallback, useMemo } from 'react';
import type { RunSearch } from '../app/searches.js';
import { useShortcuts } from '../app/shortcuts.js';
import { Bones } from '../kit/states.js';
import { formatCount } from '../numbers.js';
import { setPreference, usePreference } from '../preferences.js';
import { useZone } from '../time/zone.js';
import classes from './log.module.css';
import { LogBar } from './log-bar.js';
import { LogLineRow, lineName } from './log-line.js';
import { useLogTail } from './log-tail.js';
import { filterLines, type LogLevel, type LogLine, logLevels } from './log-window.js';
import { messages } from './messages.js';
import { useLogScroll } from './use-log-scroll.js';

interface LogPanelProps {
  executionId: string;
  startedAt: string | null;
  ended: boolean;
  /** Opens at the first error instead of the end. */
  failed: boolean;
  attempts: number;
  search: RunSearch;
  onSearch: (change: RunSearch) => void;
}

export function LogPanel(props: LogPanelProps) {
  const { executionId, ended, search, onSearch } = props;
  const { window, loading, failed } = useLogTail(executionId);
  const wrap = usePreference('logWrap');
  const attempt = search.attempt === undefined ? undefined : Number(search.attempt);
  const level = search.level ?? 'debug';
  const lines = useMemo(
    () => filterLines(window.lines, { level, attempt, text: search.find }),
    [window.lines, level, attempt, search.find],
  );
  const openAt = { line: search.line, firstError: props.failed };
  const scroll = useLogScroll({ lines, wrap, openAt });
  const { follow, setFollow, unseen, toError } = scroll;
  const setLevel = (to: LogLevel): void => onSearch({ level: to === 'debug' ? undefined : to });
  useLogShortcuts({ setFollow, setLevel, toError });
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
          ref={scroll.scroller}
          className={classes.scroller}
          data-wrap={wrap}
          role="log"
          aria-live={follow && !ended ? 'polite' : 'off'}
          aria-label={messages.log}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus
          tabIndex={0}
          onScroll={scroll.onScroll}
        >
          {lines.length === 0 ? (
            <LogEmpty {...props} loading={loading} unread={failed} any={window.lines.length > 0} />
          ) : (
            <LogLines {...props} lines={lines} virtual={scroll.virtual} />
          )}
        </div>
        {follow || lines.length === 0 ? null : (
          <button type="button" className={classes.follow} onClick={() => setFollow(true)}>
            {ended ? messages.toEnd : unseen > 0 ? messages.newLines(unseen) : messages.follow}
          </button>
        )}
      </div>
    </div>
  );
}

interface LogLinesProps extends LogPanelProps {
  lines: readonly LogLine[];
  virtual: ReturnType<typeof useLogScroll>['virtual'];
}

function LogLines({ lines, virtual, startedAt, attempts, search, onSearch }: LogLinesProps) {
  const zone = useZone();
  const timeMode = usePreference('logTime');
  const start = startedAt ?? lines[0]?.timestamp ?? '';
  const sinceMs = timeMode === 'elapsed' ? Date.parse(start) : undefined;
  const onMark = useCallback(
    (line: string) => onSearch({ line: line === search.line ? undefined : line }),
    [onSearch, search.line],
  );
  return (
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
            {attempts > 1 && line.attempt !== lines[item.index - 1]?.attempt ? (
              <p className={classes.attemptStart}>{messages.attemptStarts(line.attempt)}</p>
            ) : null}
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

interface LogEmptyProps extends LogPanelProps {
  loading: boolean;
  unread: boolean;
  any: boolean;
}

function LogEmpty({ loading, unread, any, ended, onSearch }: LogEmptyProps) {
  if (unread) return <p className={classes.empty}>{messages.failed}</p>;
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
