import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { after } from '../clock.js';
import classes from './kit.module.css';
import { messages } from './messages.js';

const SHOWN_FOR_MS = 1200;

interface CopyProps {
  text: string;
  label?: string;
  children?: React.ReactNode;
}

/** A text that copies itself when pressed. */
export function Copy({ text, label = messages.copy, children }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => (copied ? after(SHOWN_FOR_MS, () => setCopied(false)) : undefined), [copied]);
  return (
    <button
      type="button"
      className={classes.copy}
      title={label}
      aria-label={copied ? messages.copied : `${label}: ${text.slice(0, 80)}`}
      onClick={() => {
        void navigator.clipboard?.writeText(text);
        setCopied(true);
      }}
    >
      {children}
      {copied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.6} />}
    </button>
  );
}
