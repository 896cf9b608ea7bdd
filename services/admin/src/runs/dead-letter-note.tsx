import { Link } from '@tanstack/react-router';
import { graphql } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { messages } from './messages.js';
import classes from './run.module.css';

const DeadLetterOfRunDocument = graphql(`
  query DeadLetterOfRun($id: ID!) {
    deadLetter(id: $id) {
      id
      status
      redrivenBy
    }
  }
`);

const TYPES = ['DeadLetter'] as const;

/** That a run which failed for good is kept, and where. */
export function DeadLetterNote({ runId }: { runId: string }) {
  const { data } = useLiveQuery(DeadLetterOfRunDocument, { id: runId }, { types: TYPES });
  const letter = data?.deadLetter;
  if (!letter) return null;
  return (
    <p className={classes.note}>
      <Link to="/dead-letters" search={{ inspect: runId }} className="link">
        {messages.deadLetter}
      </Link>
      {letter.status === 'open' ? null : (
        <span className="muted">, {messages.deadLetterGone[letter.status]}</span>
      )}
      {letter.redrivenBy ? (
        <>
          {': '}
          <Link to="/runs/$runId" params={{ runId: letter.redrivenBy }} className="link">
            {messages.newRun}
          </Link>
        </>
      ) : null}
    </p>
  );
}
