import { Drawer } from '../kit/drawer.js';
import { LinkButton } from '../kit/link-button.js';
import { Bones, Failure } from '../kit/states.js';
import { StatusBadge } from '../status/status-badge.js';
import { StatusHistory } from '../status/status-history.js';
import { messages } from './messages.js';
import classes from './task.module.css';
import { TaskActions } from './task-actions.js';
import { TaskSchedules } from './task-schedules.js';
import { useTask } from './use-task.js';

/** A task looked at from the list: what it is for, when it runs next, how it went. */
export function TaskPeek({ id, onClose }: { id: string; onClose: () => void }) {
  const { task, missing, error, retry } = useTask(id);
  if (missing)
    return (
      <Drawer title={messages.notFound} onClose={onClose}>
        <p className="muted">{messages.notFoundHint}</p>
      </Drawer>
    );
  if (!task)
    return (
      <Drawer title={messages.task} onClose={onClose}>
        {error ? <Failure error={error} onRetry={retry} /> : <Bones lines={8} tall />}
      </Drawer>
    );
  return (
    <Drawer title={task.name} onClose={onClose}>
      <div className={classes.peek}>
        <div className={classes.peekHead}>
          <StatusBadge status={task.status === 'paused' ? 'paused' : 'active'} />
          <StatusHistory runs={task.recentExecutions} />
        </div>
        {task.description ? <p>{task.description}</p> : null}
        <section>
          <h2>{messages.schedules}</h2>
          <TaskSchedules task={task} />
        </section>
        <div className={classes.peekFoot}>
          <LinkButton to="/tasks/$taskId" params={{ taskId: id }} variant="filled">
            {messages.openTask}
          </LinkButton>
          <TaskActions task={task} />
        </div>
      </div>
    </Drawer>
  );
}
