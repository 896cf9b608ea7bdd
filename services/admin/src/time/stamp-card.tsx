/**
 * One card for every time of the page: whatever carries `data-at` opens it by pointer or focus.
 * A card per time would be thousands of listeners in a list.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { messages } from '../app/messages.js';
import { after, useNow } from '../clock.js';
import { formatFull, formatIso, formatRelative, localZone } from './time.js';
import classes from './time.module.css';

const OPEN_AFTER_MS = 350;
const CLOSE_AFTER_MS = 120;
const COPIED_FOR_MS = 1200;
const MARGIN = 8;

interface Open {
  at: string;
  anchor: DOMRect;
  copied: boolean;
}

export function StampCard() {
  const [open, setOpen] = useState<Open>();
  useEffect(() => {
    let cancel: (() => void) | undefined;
    const plan = (ms: number, run: () => void): void => {
      cancel?.();
      cancel = after(ms, run);
    };
    const stampOf = (target: EventTarget | null): HTMLElement | null =>
      target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null;
    const show = (stamp: HTMLElement, copied = false): void =>
      setOpen({ at: stamp.dataset['at'] ?? '', anchor: stamp.getBoundingClientRect(), copied });
    const over = (event: Event): void => {
      const stamp = stampOf(event.target);
      if (stamp) plan(event.type === 'focusin' ? 0 : OPEN_AFTER_MS, () => show(stamp));
      else if (event.target instanceof Element && event.target.closest('[data-stamp-card]'))
        cancel?.();
      else plan(CLOSE_AFTER_MS, () => setOpen(undefined));
    };
    const click = (event: Event): void => {
      const stamp = stampOf(event.target);
      if (!(stamp instanceof HTMLButtonElement)) return;
      void navigator.clipboard?.writeText(stamp.dataset['at'] ?? '');
      show(stamp, true);
      plan(COPIED_FOR_MS, () => setOpen(undefined));
    };
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
      cancel?.();
      setOpen(undefined);
    };
    document.addEventListener('pointerover', over);
    document.addEventListener('focusin', over);
    document.addEventListener('click', click);
    document.addEventListener('keydown', close);
    document.addEventListener('scroll', close, true);
    return () => {
      cancel?.();
      document.removeEventListener('pointerover', over);
      document.removeEventListener('focusin', over);
      document.removeEventListener('click', click);
      document.removeEventListener('keydown', close);
      document.removeEventListener('scroll', close, true);
    };
  }, []);
  return open ? <Card {...open} /> : null;
}

function Card({ at, anchor, copied }: Open) {
  const now = useNow();
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = card.current;
    if (!box) return;
    const below = anchor.bottom + MARGIN + box.offsetHeight < innerHeight;
    const top = below ? anchor.bottom + MARGIN : anchor.top - MARGIN - box.offsetHeight;
    const left = Math.min(anchor.left, innerWidth - box.offsetWidth - MARGIN);
    box.style.translate = `${Math.max(MARGIN, left)}px ${Math.max(MARGIN, top)}px`;
  }, [anchor]);
  const ms = Date.parse(at);
  const local = localZone();
  return (
    <div ref={card} className={classes.card} role="tooltip" data-stamp-card>
      <dl>
        <dt>{messages.local}</dt>
        <dd>
          {formatFull(ms, local)} <span className="muted">({local})</span>
        </dd>
        <dt>UTC</dt>
        <dd>{formatFull(ms, 'UTC')}</dd>
        <dt>{messages.iso}</dt>
        <dd className="mono">{formatIso(ms)}</dd>
        <dt>{messages.relative}</dt>
        <dd>{formatRelative(ms, now)}</dd>
      </dl>
      {copied ? <p>{messages.copied}</p> : null}
    </div>
  );
}
