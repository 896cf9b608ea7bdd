export const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

const names: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Enter: '↵',
  Escape: 'Esc',
  mod: MOD,
};

/** The caps of a shortcut, as they are printed on the keys. */
export function keyCaps(keys: string): string[] {
  if (keys === ' ') return ['Space'];
  return keys
    .split(/[ +]/)
    .filter(Boolean)
    .flatMap((key) => (/^[A-Z]$/.test(key) ? ['⇧', key] : [names[key] ?? key]));
}
