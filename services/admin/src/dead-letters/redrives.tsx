import { Button, Progress } from '@mantine/core';
import { useSubscription } from 'urql';
import { useAsleep } from '../graphql/connection.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Panel } from '../kit/panel.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { formatCount } from '../numbers.js';
import { Ago } from '../time/stamp.js';
import {
  cancelRedrive,
  type Redrive,
  RedrivesChangedDocument,
  RedrivesDocument,
} from './dead-letter-documents.js';
import classes from './dead-letters.module.css';
import { messages } from './messages.js';

const TYPES = ['Redrive'] as const;
const NONE: ReadonlyMap<string, Redrive> = new Map();
/** Those that are over are told for a while longer. */
const MAX_OVER = 2;

/** The newest telling of each: asked for, then pushed. */
function useRedrives(): readonly Redrive[] {
  const { data } = useLiveQuery(RedrivesDocument, {}, { types: TYPES });
  const asleep = useAsleep();
  const [told] = useSubscription(
    { query: RedrivesChangedDocument, pause: asleep },
    (known: ReadonlyMap<string, Redrive> = new Map(), { redrivesChanged }) =>
      new Map([...known, ...redrivesChanged.map((each) => [each.id, each] as const)]),
  );
  const pushed = told.data ?? NONE;
  const asked = data?.redrives ?? [];
  const added = [...pushed.values()].filter((each) => asked.every(({ id }) => id !== each.id));
  return [...added, ...asked.map((each) => later(each, pushed.get(each.id)))];
}

const begunOf = ({ progress }: Redrive): number => progress.requested + progress.passedOver;

function later(asked: Redrive, pushed: Redrive | undefined): Redrive {
  if (!pushed) return asked;
  const isBehind = asked.finishedAt !== null || begunOf(asked) > begunOf(pushed);
  return isBehind ? asked : pushed;
}

/** What is being run again right now, and what has just been. */
export function Redrives() {
  const all = useRedrives();
  const running = all.filter((each) => each.status === 'running');
  const over = all.filter((each) => each.status !== 'running').slice(0, MAX_OVER);
  if (running.length === 0 && over.length === 0) return null;
  return (
    <Panel title={messages.redriving} flush>
      <ul className={classes.redrives}>
        {[...running, ...over].map((redrive) => (
          <RedriveLine key={redrive.id} redrive={redrive} />
        ))}
      </ul>
    </Panel>
  );
}

const parts = ['succeeded', 'failed', 'cancelled', 'open', 'passedOver', 'remaining'] as const;

function RedriveLine({ redrive }: { redrive: Redrive }) {
  const { progress, deadLetters } = redrive;
  const [stop, stopping] = useAction(
    () => cancelRedrive(redrive.id),
    () => done(messages.redriveStopped),
  );
  const ended = deadLetters - progress.remaining - progress.open;
  const said = parts
    .filter((part) => progress[part] > 0)
    .map((part) => `${formatCount(progress[part])} ${messages.parts[part]}`)
    .join(', ');
  const label = messages.progress(formatCount(ended), formatCount(deadLetters));
  return (
    <li>
      <div className={classes.redriveHead}>
        <strong>{messages.redriveStates[redrive.status] ?? redrive.status}</strong>
        <span className="num">{label}</span>
        <span className="muted">
          {messages.pace(redrive.perMinute, redrive.author)},{' '}
          <Ago at={redrive.finishedAt ?? redrive.startedAt} />
        </span>
        {redrive.note ? <span className="muted truncate">{redrive.note}</span> : null}
      </div>
      <Progress value={(ended / Math.max(1, deadLetters)) * 100} color="ink" aria-label={label} />
      <p className="muted num">{said}</p>
      {redrive.status === 'running' ? (
        <Button size="xs" loading={stopping} onClick={() => stop()}>
          {messages.stop}
        </Button>
      ) : null}
    </li>
  );
}
