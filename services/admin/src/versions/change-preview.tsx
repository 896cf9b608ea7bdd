import { useDeferredValue } from 'react';
import { serverNow } from '../clock.js';
import type { VariablesOf } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { formatCount } from '../numbers.js';
import { Stamp } from '../time/stamp.js';
import { formatRun } from '../time/time.js';
import { messages } from './messages.js';
import { PreviewChangeDocument } from './version-documents.js';
import classes from './versions.module.css';

interface ChangePreviewProps {
  taskId: string;
  scheduleId: string;
  timezone: string;
  input: VariablesOf<typeof PreviewChangeDocument>['input'];
}

const SHOWN = 3;

/** Which runs an edit would add and take away, by the server's own rules. */
export function ChangePreview({ taskId, scheduleId, timezone, input }: ChangePreviewProps) {
  const { data } = useLiveQuery(PreviewChangeDocument, {
    taskId,
    scheduleId,
    input: useDeferredValue(input),
  });
  const change = data?.previewScheduleChange;
  if (!change) return null;
  const isSame = change.addedCount === 0 && change.removedCount === 0;
  const runs = (label: string, list: readonly { at: string }[]) =>
    list.slice(0, SHOWN).map(({ at }) => (
      <li key={at}>
        <span className="muted">{label}</span> {formatRun(Date.parse(at), timezone, serverNow())}
      </li>
    ));
  return (
    <section className={classes.change} aria-label={messages.change} aria-live="polite">
      <h3>{messages.change}</h3>
      <p>
        {isSame
          ? messages.unchanged
          : messages.changes(
              formatCount(change.addedCount),
              formatCount(change.removedCount),
              formatCount(change.unchangedCount),
            )}{' '}
        <span className="muted">
          {messages.until} <Stamp at={change.comparedUntil} />
        </span>
      </p>
      <ul>
        {runs(messages.added, change.added)}
        {runs(messages.removed, change.removed)}
      </ul>
    </section>
  );
}
