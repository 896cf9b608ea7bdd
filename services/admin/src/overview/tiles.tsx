import { Link, type LinkProps } from '@tanstack/react-router';
import { useDeadLetterCount } from '../dead-letters/use-dead-letter-count.js';
import { formatCount, formatShare } from '../numbers.js';
import type { Dashboard } from './dashboard-document.js';
import { messages } from './messages.js';
import classes from './overview.module.css';
import { failedIn } from './pulse.js';
import { Sparkline } from './sparkline.js';

type Hour = Dashboard['hours'][number];

const endedOf = (hour: Hour): number => hour.success + hour.failed + hour.timeout + hour.cancelled;

interface TileProps {
  label: string;
  value: string;
  note: React.ReactNode;
  link: LinkProps;
}

function Tile({ label, value, note, link }: TileProps) {
  return (
    <Link {...link} className={classes.tile}>
      <span className={classes.tileLabel}>{label}</span>
      <span className={classes.tileValue}>{value}</span>
      <span className={classes.tileNote}>{note}</span>
    </Link>
  );
}

/** Seven numbers; each is a way to the list behind it. */
export function Tiles({ dashboard }: { dashboard: Dashboard }) {
  const { overview, resourceUsage, workers, hours } = dashboard;
  const slots = workers
    .flatMap((worker) => worker.pools)
    .reduce((sum, pool) => sum + pool.slots, 0);
  const { tiles } = messages;
  const dead = useDeadLetterCount();
  return (
    <div className={classes.tiles}>
      <Tile
        label={tiles.running}
        value={formatCount(overview.runningExecutions)}
        note={messages.ofSlots(formatCount(slots))}
        link={{ to: '/runs', search: { status: ['running'] } }}
      />
      <Tile
        label={tiles.queued}
        value={formatCount(overview.queuedExecutions)}
        note={messages.waitingForSlot}
        link={{ to: '/queues' }}
      />
      <Tile
        label={tiles.today}
        value={formatCount(overview.todayExecutions)}
        note={<Sparkline values={hours.map(endedOf)} />}
        link={{ to: '/runs' }}
      />
      <Tile
        label={tiles.success}
        value={overview.todaySuccessRate === null ? '–' : formatShare(overview.todaySuccessRate)}
        note={
          overview.todaySuccessRate === null ? messages.none : messages.failedToday(failedIn(hours))
        }
        link={{ to: '/runs', search: { status: ['failed', 'timeout'] } }}
      />
      <Tile
        label={tiles.deadLetters}
        value={dead?.text ?? ' '}
        note={dead?.count === 0 ? messages.deadNone : messages.deadWait}
        link={{ to: '/dead-letters' }}
      />
      <Tile
        label={tiles.tasks}
        value={formatCount(overview.activeTasks)}
        note={messages.paused(formatCount(overview.pausedTasks))}
        link={{ to: '/tasks', search: { status: 'active' } }}
      />
      <Tile
        label={tiles.workers}
        value={formatCount(resourceUsage.activeWorkers)}
        note={messages.cpu(formatShare(resourceUsage.cpuUtilization))}
        link={{ to: '/queues', hash: 'workers' }}
      />
    </div>
  );
}
