import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { serverNow } from '../clock.js';
import { StatusText } from '../status/status-badge.js';
import type { TaskWhole } from '../tasks/task-document.js';
import { Stamp } from '../time/stamp.js';
import { formatSlot } from '../time/time.js';
import { isSlotOutcome } from '../words.js';
import { messages } from './messages.js';
import type { SlotRow } from './slot-source.js';
import classes from './slots.module.css';
import { partsOf } from './told.js';

type Schedules = TaskWhole['schedules'];

interface SlotLineProps {
  slot: SlotRow;
  schedules: Schedules;
}

/** One slot; its button opens what led there. A press anywhere else on the line does so, too. */
export function SlotLine({ slot, schedules }: SlotLineProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const time = formatSlot(Date.parse(slot.dueAt), slot.timezone, serverNow());
  const schedule = schedules.find((each) => each.id === slot.scheduleId);
  return (
    <tbody>
      <tr
        className={classes.line}
        onClick={(event) => {
          if (!isControl(event.target)) setOpen(!open);
        }}
      >
        <th scope="row">
          <div className={classes.head}>
            <button
              type="button"
              className={classes.toggle}
              aria-expanded={open}
              aria-controls={id}
              aria-label={messages.explain(time)}
              onClick={() => setOpen(!open)}
            >
              <IconChevronRight size={15} stroke={1.8} aria-hidden="true" />
            </button>
            <span className={classes.time}>
              <time dateTime={slot.dueAt} data-at={slot.dueAt}>
                {time}
              </time>
              <span className={classes.zone}>
                {slot.timezone}
                {slot.pass > 0 ? `, ${messages.secondPass}` : ''}
              </span>
            </span>
          </div>
        </th>
        <td>
          <Outcome outcome={slot.outcome} />
        </td>
        <td className={classes.why}>
          <p>{messages.causes[slot.cause] ?? slot.cause.replaceAll('_', ' ')}</p>
          <p className="muted">
            <Told sentence={slot.explanation.sentence} schedules={schedules} />
          </p>
        </td>
        <td className={classes.schedule}>
          {schedule ? (
            schedule.name || schedule.description
          ) : (
            <span className="muted">{messages.removedSchedule}</span>
          )}
        </td>
        <td>
          {slot.executionId ? (
            <Link to="/runs/$runId" params={{ runId: slot.executionId }} className="link">
              {messages.openRun}
            </Link>
          ) : (
            <span className="muted">–</span>
          )}
        </td>
      </tr>
      <tr id={id} hidden={!open} className={classes.detail}>
        <td colSpan={5}>{open ? <Chain slot={slot} schedules={schedules} /> : null}</td>
      </tr>
    </tbody>
  );
}

function Outcome({ outcome }: { outcome: string }) {
  return isSlotOutcome(outcome) ? <StatusText status={outcome} /> : outcome;
}

function Chain({ slot, schedules }: SlotLineProps) {
  const { chain } = slot.explanation;
  if (chain.length === 0) return <p className="muted">{messages.chainNone}</p>;
  return (
    <ol className={classes.chain} aria-label={messages.chain}>
      {chain.map((link, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: links of a chain are known by their place
        <li key={place}>
          <Stamp at={link.at} />
          <span>
            <Told sentence={link.what} schedules={schedules} />
            {link.by ? (
              <span className="muted">
                {' '}
                {messages.by} {link.by}
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** A sentence of the server, with its runs as links and its schedules by their names. */
function Told({ sentence, schedules }: { sentence: string; schedules: Schedules }) {
  return partsOf(sentence).map((part, place) => {
    const key = `${place} ${part.text}`;
    switch (part.kind) {
      case 'name':
        return <em key={key}>{part.text}</em>;
      case 'run':
        return (
          <Link
            key={key}
            to="/runs/$runId"
            params={{ runId: part.id }}
            className={classes.told ?? ''}
          >
            {part.text}
          </Link>
        );
      case 'schedule': {
        const known = schedules.find((each) => each.id === part.id);
        return <em key={key}>{known ? known.name || known.description : part.text}</em>;
      }
      default:
        return part.text;
    }
  });
}

const isControl = (target: EventTarget): boolean =>
  Boolean(getSelection()?.toString()) ||
  (target instanceof Element && target.closest('a, button') !== null);
