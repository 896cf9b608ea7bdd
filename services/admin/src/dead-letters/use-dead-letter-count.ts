import { useEffect } from 'react';
import { useSubscription } from 'urql';
import { useAsleep } from '../graphql/connection.js';
import { graphql } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { formatTotal } from '../numbers.js';

const CountDocument = graphql(`
  query DeadLetterCount {
    deadLetters(first: 1) {
      totalCount
      totalIsExact
    }
  }
`);

const ChangedDocument = graphql(`
  subscription DeadLetterCountChanged {
    deadLettersChanged {
      id
    }
  }
`);

const TYPES = ['DeadLetter'] as const;

/** How many are open, counted again when one came or went; undefined until it is known. */
export function useDeadLetterCount(): { count: number; text: string } | undefined {
  const { data, retry } = useLiveQuery(CountDocument, {}, { types: TYPES });
  const asleep = useAsleep();
  const [changed] = useSubscription({ query: ChangedDocument, pause: asleep });
  useEffect(() => {
    if (changed.data) retry();
  }, [changed.data, retry]);
  if (!data) return undefined;
  const { totalCount, totalIsExact } = data.deadLetters;
  return { count: totalCount, text: formatTotal(totalCount, totalIsExact) };
}
