import { serverNow } from '../clock.js';
import { becomes } from '../slots/ahead.js';
import { Countdown, Stamp } from '../time/stamp.js';
import { formatRun, formatSlot } from '../time/time.js';
import { writtenAs } from '../words.js';
import { messages } from './messages.js';
import classes from './task.module.css';
import type { TaskWhole } from './task-document.js';

/** Each schedule in words, as written and in its own zone; its next runs in that zone and in ours. */
export function TaskSchedules({ task }: { task: TaskWhole }) {
  if (task.schedules.length === 0) return <p className="muted">{messages.schedulesNone}</p>;
  return (
    <ul>
      {task.schedules.map((schedule) => (
        <li key={schedule.id} className={classes.schedule} data-enabled={schedule.enabled}>
          <p className={classes.scheduleHead}>
            <strong>{schedule.description}</strong>
            {schedule.name ? <span className="muted">{schedule.name}</span> : null}
            {schedule.enabled ? null : <span className="muted">({messages.disabled})</span>}
          </p>
          <p className="muted" title={messages.dst[schedule.dst]}>
            <code>{writtenAs(schedule)}</code> {schedule.timezone}
          </p>
          {schedule.enabled ? <Ahead task={task} schedule={schedule} /> : null}
        </li>
      ))}
    </ul>
  );
}

interface AheadProps {
  task: TaskWhole;
  schedule: TaskWhole['schedules'][number];
}

/** Its slots ahead; one that does not run as it stands says why. */
function Ahead({ task, schedule: { id, timezone } }: AheadProps) {
  const slots = task.upcoming.find((each) => each.id === id)?.nextSlots ?? [];
  const now = serverNow();
  const first = slots.find(({ startsAt }) => startsAt !== null);
  return (
    <ol className={classes.next}>
      {slots.map((slot) => (
        <li key={slot.at} className={classes.nextRun} data-verdict={slot.verdict}>
          <span className="num">{formatRun(Date.parse(slot.at), timezone, now)}</span>
          <Stamp at={slot.at} className={classes.ours ?? ''} />
          {slot === first && slot.startsAt ? <Countdown at={slot.startsAt} /> : <span />}
          {slot.startsAt === slot.at ? null : (
            <span className={classes.becomes}>
              {becomes(slot, (ms) => formatSlot(ms, timezone, now))}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
