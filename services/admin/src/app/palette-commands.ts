/** What the palette offers, and which of it a text means. Pure. */
import type { Icon } from '@tabler/icons-react';
import type { messages } from './messages.js';

export interface Command {
  id: string;
  group: keyof typeof messages.paletteGroups;
  label: string;
  /** Its key, its state, where it leads. */
  hint?: string | undefined;
  icon?: Icon | undefined;
  run: () => void;
}

const MAX_SHOWN = 40;

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Every word must begin a word of the label; what begins with the text comes first in its group. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const words = wordsOf(text);
  const begins = (label: string, word: string): boolean =>
    label.startsWith(word) || label.includes(` ${word}`);
  const found = commands.filter(({ label }) =>
    words.every((word) => begins(label.toLowerCase(), word)),
  );
  const first = words[0] ?? '';
  const rank = ({ label }: Command): number => (label.toLowerCase().startsWith(first) ? 0 : 1);
  const groups = [...new Set(found.map((command) => command.group))];
  return groups
    .flatMap((group) =>
      found.filter((command) => command.group === group).sort((a, b) => rank(a) - rank(b)),
    )
    .slice(0, MAX_SHOWN);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The id that a pasted text is, if it is one. */
export const idIn = (text: string): string | undefined =>
  UUID.test(text.trim()) ? text.trim().toLowerCase() : undefined;
