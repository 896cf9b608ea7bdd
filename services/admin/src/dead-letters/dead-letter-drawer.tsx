import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ResultOf } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Drawer } from '../kit/drawer.js';
import { JsonView } from '../kit/json-view.js';
import { LinkButton } from '../kit/link-button.js';
import { readObject } from '../kit/read-object.js';
import { Bones, Failure } from '../kit/states.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { formatCount } from '../numbers.js';
import { RunAttempts } from '../runs/run-attempts.js';
import { useStart } from '../runs/use-start.js';
import { Stamp } from '../time/stamp.js';
import {
  DeadLetterDocument,
  discardDeadLetters,
  redriveDeadLetter,
} from './dead-letter-documents.js';
import classes from './dead-letters.module.css';
import { messages } from './messages.js';

type Letter = NonNullable<ResultOf<typeof DeadLetterDocument>['deadLetter']>;

const TYPES = ['DeadLetter'] as const;

interface DeadLetterDrawerProps {
  id: string;
  onClose: () => void;
}

/** One dead letter: why it died, what it was given, and what can be done about it. */
export function DeadLetterDrawer({ id, onClose }: DeadLetterDrawerProps) {
  const { data, error, retry } = useLiveQuery(DeadLetterDocument, { id }, { types: TYPES });
  const letter = data?.deadLetter;
  return (
    <Drawer title={letter?.taskName ?? messages.deadLetters} onClose={onClose}>
      {letter ? (
        <Inspected letter={letter} onResolved={onClose} />
      ) : data ? (
        <p className="muted">{messages.notFound}</p>
      ) : error ? (
        <Failure error={error} onRetry={retry} />
      ) : (
        <Bones lines={8} tall />
      )}
    </Drawer>
  );
}

function Inspected({ letter, onResolved }: { letter: Letter; onResolved: () => void }) {
  const { execution } = letter;
  return (
    <div className={classes.inspected}>
      <section className={classes.verdict}>
        <p>
          <strong>{messages.causes[letter.cause]}</strong>{' '}
          <span className="muted">
            {messages.attempts(letter.attempts)}, <Stamp at={letter.diedAt} />
          </span>
        </p>
        <p className="muted">{messages.causeDoes[letter.cause]}</p>
        <p className={classes.reason}>
          <code>{letter.errorCode}</code> {letter.errorMessage}
        </p>
      </section>
      {letter.status === 'open' ? (
        <Resolving letter={letter} onResolved={onResolved} />
      ) : (
        <Resolved letter={letter} />
      )}
      {execution && execution.attempts.length > 0 ? (
        <RunAttempts attempts={execution.attempts} />
      ) : null}
      <section>
        <h2>{messages.input}</h2>
        <JsonView value={execution?.parameters} label={messages.input} />
      </section>
      <div className={classes.links}>
        <LinkButton to="/runs/$runId" params={{ runId: letter.id }}>
          {messages.openRun}
        </LinkButton>
        <LinkButton to="/tasks/$taskId" params={{ taskId: letter.taskId }}>
          {messages.openTask}
        </LinkButton>
      </div>
    </div>
  );
}

function Resolved({ letter }: { letter: Letter }) {
  return (
    <section className={classes.resolved}>
      <p>
        <strong>{messages.statuses[letter.status]}</strong>{' '}
        <span className="muted">
          {letter.resolvedBy ? messages.resolvedBy(letter.resolvedBy) : ''}{' '}
          <Stamp at={letter.resolvedAt} />
        </span>
      </p>
      {letter.note ? <p>{letter.note}</p> : null}
      {letter.redrivenBy ? (
        <LinkButton to="/runs/$runId" params={{ runId: letter.redrivenBy }}>
          {messages.newRun}
        </LinkButton>
      ) : null}
    </section>
  );
}

function Resolving({ letter, onResolved }: { letter: Letter; onResolved: () => void }) {
  const [note, setNote] = useState('');
  const [text, setText] = useState<string>();
  const read = text === undefined ? undefined : readObject(text);
  const wrong = read && 'reason' in read ? messages.jsonInvalid(read.reason) : undefined;
  const edited = read && 'object' in read ? read.object : undefined;
  const said = note.trim() || undefined;
  const [redrive, redriving] = useStart(
    () => redriveDeadLetter(letter.id, edited, said),
    onResolved,
  );
  const [discard, discarding] = useAction(
    () => discardDeadLetters({ ids: [letter.id] }, said),
    ({ count }) => {
      done(messages.discarded(formatCount(count)));
      onResolved();
    },
  );
  return (
    <section className={classes.form}>
      {text === undefined ? null : (
        <Textarea
          label={messages.editedInput}
          value={text}
          error={wrong}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
          autosize
          minRows={4}
          maxRows={18}
          spellCheck={false}
        />
      )}
      <Textarea
        label={messages.note}
        description={messages.noteHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={note}
        autosize
        minRows={1}
        maxRows={4}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <div className={classes.links}>
        <Button
          variant="filled"
          loading={redriving}
          disabled={wrong !== undefined}
          onClick={() => redrive()}
        >
          {messages.redrive}
        </Button>
        {text === undefined ? (
          <Button
            onClick={() => setText(JSON.stringify(letter.execution?.parameters ?? {}, null, 2))}
          >
            {messages.redriveEdited}
          </Button>
        ) : null}
        <Button color="danger" loading={discarding} onClick={() => discard()}>
          {messages.discard}
        </Button>
      </div>
    </section>
  );
}
