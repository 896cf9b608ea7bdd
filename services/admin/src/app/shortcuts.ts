/**
 * Keys and short sequences of keys (`g r`). Whoever is on the screen registers what it can do; the
 * sheet shows what is registered. A key that is typed into a field, or while a dialog is open, is
 * nobody's shortcut.
 */
import { useEffect, useRef } from 'react';
import { after } from '../clock.js';
import { preference } from '../preferences.js';

export interface Shortcut {
  /** One key, or two after one another: `r`, `g o`, `mod+Enter`. */
  keys: string;
  label: string;
  /** Without it the key is shown in the sheet, and handled where it is pressed. */
  run?: ((event: KeyboardEvent) => void) | undefined;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

const SEQUENCE_WITHIN_MS = 1200;

const groups = new Map<symbol, ShortcutGroup>();
let begun: string | undefined;
let forget: (() => void) | undefined;

/** The groups that were there first, as the frame's own, come first. */
export const registeredShortcuts = (): ShortcutGroup[] => [...groups.values()].reverse();

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="combobox"]'));

/** Space presses what has the focus before it is anybody's shortcut. */
const isPress = (key: string, target: EventTarget | null): boolean =>
  key === ' ' && target instanceof Element && target.closest('button, a, summary, label') !== null;

function nameOf(event: KeyboardEvent): string {
  return event.metaKey || event.ctrlKey ? `mod+${event.key}` : event.key;
}

/** Later groups come first: a list outranks the page it is in. */
function find(keys: string): Shortcut | undefined {
  for (const group of [...groups.values()].reverse()) {
    const found = group.shortcuts.find((each) => each.keys === keys && each.run);
    if (found) return found;
  }
  return undefined;
}

const begins = (key: string): boolean =>
  [...groups.values()].some((group) =>
    group.shortcuts.some((shortcut) => shortcut.keys.startsWith(`${key} `)),
  );

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const key = nameOf(event);
  const withModifier = key.startsWith('mod+');
  if (!withModifier && (isTyping(event.target) || !preference('shortcuts'))) return;
  if (isPress(key, event.target)) return;
  if (document.querySelector('[role="dialog"], [role="menu"]')) return;
  const sequence = begun === undefined ? key : `${begun} ${key}`;
  forget?.();
  begun = undefined;
  const found = find(sequence) ?? find(key);
  if (found) {
    event.preventDefault();
    found.run?.(event);
  } else if (!withModifier && begins(key)) {
    begun = key;
    forget = after(SEQUENCE_WITHIN_MS, () => {
      begun = undefined;
    });
  }
}

export function listenForShortcuts(): () => void {
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

/** Registers while the caller is on the screen; the newest closures are the ones that run. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const signature = shortcuts.map((shortcut) => `${shortcut.keys}\n${shortcut.label}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the list
  useEffect(() => {
    const id = Symbol(title);
    groups.set(id, {
      title,
      shortcuts: latest.current.map(({ keys, label, run }) => ({
        keys,
        label,
        run: run && ((event) => latest.current.find((each) => each.keys === keys)?.run?.(event)),
      })),
    });
    return () => {
      groups.delete(id);
    };
  }, [title, signature]);
}
