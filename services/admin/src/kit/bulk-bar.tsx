import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatCount, formatTotal } from '../numbers.js';
import type { BulkItem } from './bulk.js';
import classes from './bulk.module.css';
import { type BulkAction, BulkDialog } from './bulk-dialog.js';
import { messages } from './messages.js';
import type { Selecting } from './selection.js';

interface BulkBarProps {
  selecting: Selecting;
  /** Those of the chosen ones that are still in the list. */
  items: readonly BulkItem[];
  total: number;
  isExact: boolean;
  /** Done one by one here, or asked about elsewhere. */
  actions: readonly (BulkAction | { label: string; onAsk: () => void })[];
}

/** What can be done with what is chosen; there while something is. */
export function BulkBar({ selecting, items, total, isExact, actions }: BulkBarProps) {
  const [asked, setAsked] = useState<{ action: BulkAction; items: readonly BulkItem[] }>();
  const dialog = asked ? <BulkDialog {...asked} onClose={() => setAsked(undefined)} /> : null;
  if (items.length === 0) return dialog;
  return (
    <section className={classes.bar} aria-label={messages.chosen}>
      <strong aria-live="polite">
        {messages.chosenCount(formatCount(items.length), formatTotal(total, isExact))}
      </strong>
      {actions.map((action) => (
        <Button
          key={action.label}
          size="xs"
          onClick={() => ('onAsk' in action ? action.onAsk() : setAsked({ action, items }))}
        >
          {action.label}
        </Button>
      ))}
      <Button size="xs" variant="subtle" onClick={selecting.clear}>
        {messages.chooseNone}
      </Button>
      {dialog}
    </section>
  );
}
