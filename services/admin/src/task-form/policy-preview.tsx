import { useDeferredValue } from 'react';
import { useNow } from '../clock.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { becomes } from '../slots/ahead.js';
import { formatSlot } from '../time/time.js';
import { previewInput, type ScheduleDraft } from './draft.js';
import classes from './form.module.css';
import { PreviewScheduleDocument } from './form-documents.js';
import { messages } from './messages.js';

/** What bounds, calendars and spreading make of the next runs: only the server has the calendars. */
export function PolicyPreview({ schedule }: { schedule: ScheduleDraft }) {
  const input = previewInput(useDeferredValue(schedule));
  const { data } = useLiveQuery(PreviewScheduleDocument, { input });
  const now = useNow();
  const preview = data?.previewSchedule;
  if (!preview?.valid) return null;
  const { timezone } = schedule;
  return (
    <section aria-label={messages.withPolicies}>
      <h4 className={classes.policyHead}>{messages.withPolicies}</h4>
      {preview.nextRuns.length === 0 ? <p className="muted">{messages.noNext}</p> : null}
      <ol className={classes.policyRuns}>
        {preview.nextRuns.map((run) => (
          <li key={run.at} data-verdict={run.verdict}>
            <time dateTime={run.at} data-at={run.at}>
              {formatSlot(Date.parse(run.at), timezone, now)}
            </time>
            <span className="muted">{becomes(run, (ms) => formatSlot(ms, timezone, now))}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
