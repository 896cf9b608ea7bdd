import { Button, Modal, NumberInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { messages as kitMessages } from '../kit/messages.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { formatCount, formatTotal } from '../numbers.js';
import { formatDuration } from '../time/time.js';
import {
  type Choice,
  discardDeadLetters,
  PreviewRedriveDocument,
  startRedrive,
} from './dead-letter-documents.js';
import classes from './dead-letters.module.css';
import { messages } from './messages.js';

interface ChoiceDialogProps {
  choice: Choice;
  onClose: () => void;
}

const PER_MINUTE = 60;
const MAX_NOTE = 500;
const TYPES = ['DeadLetter'] as const;

/** How many it would be, by the server's own count, before anything is done to them. */
function useChosen(choice: Choice) {
  const { data, error } = useLiveQuery(PreviewRedriveDocument, { input: choice }, { types: TYPES });
  return { chosen: data?.previewRedrive, error };
}

function Count({ choice, says }: { choice: Choice; says: (count: string) => string }) {
  const { chosen, error } = useChosen(choice);
  if (error) return <p role="alert">{error.graphQLErrors[0]?.message ?? error.message}</p>;
  return (
    <p className={classes.count} aria-live="polite">
      <strong>
        {chosen ? says(formatTotal(chosen.count, !chosen.hasMore)) : messages.counting}
      </strong>
      {chosen?.hasMore ? <span className="muted">{messages.hasMore}</span> : null}
    </p>
  );
}

function Note({ note, onChange }: { note: string; onChange: (note: string) => void }) {
  return (
    <Textarea
      label={messages.note}
      description={messages.noteHint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={note}
      maxLength={MAX_NOTE}
      autosize
      minRows={1}
      maxRows={4}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const noteOf = (note: string): string | undefined => note.trim() || undefined;

export function RedriveDialog({ choice, onClose }: ChoiceDialogProps) {
  const [perMinute, setPerMinute] = useState(PER_MINUTE);
  const [note, setNote] = useState('');
  const { chosen } = useChosen(choice);
  const [start, starting] = useAction(
    () => startRedrive(choice, perMinute, noteOf(note)),
    () => {
      done(messages.redriveBegun);
      onClose();
    },
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={messages.redriveTitle}
      size={460}
      closeButtonProps={{ 'aria-label': kitMessages.close }}
    >
      <div className={classes.form}>
        <Count choice={choice} says={messages.wouldRun} />
        <NumberInput
          label={messages.perMinute}
          description={
            chosen
              ? messages.perMinuteHint(formatDuration((chosen.count / perMinute) * 60_000))
              : ' '
          }
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={1}
          value={perMinute}
          onChange={(value) => setPerMinute(Math.max(1, Number(value) || 1))}
        />
        <Note note={note} onChange={setNote} />
        <div className={classes.foot}>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button
            variant="filled"
            loading={starting}
            disabled={!chosen || chosen.count === 0}
            onClick={() => start()}
          >
            {messages.start}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

export function DiscardDialog({ choice, onClose }: ChoiceDialogProps) {
  const [note, setNote] = useState('');
  const { chosen } = useChosen(choice);
  const [discard, discarding] = useAction(
    () => discardDeadLetters(choice, noteOf(note)),
    ({ count }) => {
      done(messages.discarded(formatCount(count)));
      onClose();
    },
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={messages.discardTitle}
      size={460}
      closeButtonProps={{ 'aria-label': kitMessages.close }}
    >
      <div className={classes.form}>
        <Count choice={choice} says={messages.wouldDiscard} />
        <p>{messages.discardDoes}</p>
        <Note note={note} onChange={setNote} />
        <div className={classes.foot}>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button
            variant="filled"
            color="danger"
            loading={discarding}
            disabled={!chosen || chosen.count === 0}
            onClick={() => discard()}
          >
            {messages.discard}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
