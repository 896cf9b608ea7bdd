import { serverNow } from '../clock.js';
import { Countdown, Stamp } from '../time/stamp.js';
import { formatRun } from '../time/time.js';
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
          {schedule.enabled && task.status === 'active' ? (
            <ol className={classes.next}>
              {nextRunsOf(task, schedule.id).map((at, place) => (
                <li key={at} className={classes.nextRun}>
                  <span className="num">
                    {formatRun(Date.parse(at), schedule.timezone, serverNow())}
                  </span>
                  <Stamp at={at} className={classes.ours ?? ''} />
                  {place === 0 ? <Countdown at={at} /> : <span />}
                </li>
              ))}
            </ol>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

const nextRunsOf = (task: TaskWhole, scheduleId: string): readonly string[] =>
  task.upcoming.find((each) => each.id === scheduleId)?.nextRuns ?? [];
