/** Where the reader is in the log: at the newest line, which then follows, or at a line of his own. */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { lineName } from './log-line.js';
import type { LogLine } from './log-window.js';

const LINE_PX = 20;
const OVERSCAN = 30;
const END_SLACK_PX = 24;
/** Lines that are shown before the one that is gone to: what led to it. */
const LINES_BEFORE = 5;

interface LogScroll {
  scroller: RefObject<HTMLDivElement | null>;
  virtual: Virtualizer<HTMLDivElement, Element>;
  follow: boolean;
  setFollow: (follow: boolean) => void;
  /** Lines that came while the reader was elsewhere. */
  unseen: number;
  onScroll: () => void;
  toError: () => void;
}

interface LogScrollOptions {
  lines: readonly LogLine[];
  wrap: boolean;
  /** Opens there instead of at the end. */
  openAt: { line: string | undefined; firstError: boolean };
}

export function useLogScroll({ lines, wrap, openAt }: LogScrollOptions): LogScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const [opening] = useState(openAt);
  const [follow, setFollow] = useState(opening.line === undefined && !opening.firstError);
  const [seen, setSeen] = useState(0);
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: OVERSCAN,
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
      virtual.scrollToIndex(Math.max(0, index - LINES_BEFORE), { align: 'start' });
    },
    [virtual],
  );

  const opened = useRef(false);
  const errorAt = useRef(-1);
  useEffect(() => {
    const { line, firstError } = opening;
    if (opened.current || (line === undefined && !firstError)) return;
    const index = lines.findIndex((each) =>
      line === undefined ? each.level === 'error' : lineName(each) === line,
    );
    if (index < 0) return;
    opened.current = true;
    errorAt.current = index;
    goTo(index);
  }, [lines, opening, goTo]);

  const toError = useCallback(() => {
    const next = lines.findIndex((line, at) => at > errorAt.current && line.level === 'error');
    errorAt.current = next >= 0 ? next : lines.findIndex((line) => line.level === 'error');
    if (errorAt.current >= 0) goTo(errorAt.current);
  }, [lines, goTo]);

  // Following only ever scrolls down: whoever scrolls up wants to stay there.
  const lastTop = useRef(0);
  const onScroll = (): void => {
    const box = scroller.current;
    if (!box) return;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_SLACK_PX;
    const isUp = box.scrollTop < lastTop.current;
    lastTop.current = box.scrollTop;
    if (atEnd) setSeen(lines.length);
    if (atEnd) setFollow(true);
    else if (isUp) setFollow(false);
  };
  const unseen = Math.max(0, lines.length - seen);
  return { scroller, virtual, follow, setFollow, unseen, onScroll, toError };
}
