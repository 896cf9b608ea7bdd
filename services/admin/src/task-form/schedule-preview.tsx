import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useNow } from '../clock.js';
import { formatCountdown, formatRun, formatStamp } from '../time/time.js';
import { useZone } from '../time/zone.js';
import classes from './form.module.css';
import { messages } from './messages.js';
import type { SchedulePreview } from './preview.js';

interface SchedulePreviewProps {
  preview: SchedulePreview;
  timezone: string;
  children?: React.ReactNode;
}

/** The schedule in words, its next runs in its zone and in ours, and what its author may not expect. */
export function SchedulePreviewView({ preview, timezone, children }: SchedulePreviewProps) {
  if (!preview.valid)
    return (
      <div className={classes.preview} data-valid="false">
        {preview.problems.map((problem) => (
          <Note
            key={problem.code}
            severity="warning"
            message={problem.message}
            remedy={problem.remedy}
          />
        ))}
      </div>
    );
  return (
    <div className={classes.preview} aria-live="polite">
      <p className={classes.sentence}>{preview.description}</p>
      {preview.next.length === 0 ? (
        <p className="muted">{messages.noNext}</p>
      ) : (
        <NextRuns preview={preview} timezone={timezone} />
      )}
      {children}
      {preview.lints.map((lint) => (
        <Note key={`${lint.code} ${lint.part ?? ''}`} {...lint} />
      ))}
    </div>
  );
}

interface NextRunsProps {
  preview: SchedulePreview & { valid: true };
  timezone: string;
}

function NextRuns({ preview, timezone }: NextRunsProps) {
  const zone = useZone();
  const now = useNow();
  const both = zone !== timezone;
  return (
    <table className={classes.nextTable}>
      <caption className="visually-hidden">{messages.nextRuns}</caption>
      <thead>
        <tr>
          <th scope="col">{messages.inZone(timezone)}</th>
          {both ? <th scope="col">{messages.inYours(zone)}</th> : null}
          <th scope="col">
            <span className="visually-hidden">{messages.nextRuns}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {preview.next.map((slot) => (
          <tr key={slot.dueAtMs}>
            <td>{formatRun(slot.dueAtMs, timezone, now)}</td>
            {both ? <td className="muted">{formatStamp(slot.dueAtMs, zone, now)}</td> : null}
            <td className="muted">{formatCountdown(slot.dueAtMs, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface NoteProps {
  severity: 'info' | 'warning';
  message: string;
  remedy?: string | undefined;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function Note({ severity, message, remedy }: NoteProps) {
  const Icon = severity === 'warning' ? IconAlertTriangle : IconInfoCircle;
  return (
    <p className={classes.lint} data-severity={severity}>
      <Icon size={15} stroke={1.8} aria-hidden="true" />
      <span>
        {capital(message)}. {remedy ? <span className="muted">{capital(remedy)}.</span> : null}
      </span>
    </p>
  );
}
