import { useCallback, useEffect, useMemo, useRef } from 'react';
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useQuery } from 'urql';
import { useRefresh } from './connection.js';

export interface LiveQuery<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  /** Nothing to show yet. */
  loading: boolean;
  retry: () => void;
}

interface LiveQueryOptions {
  pause?: boolean;
  /** A change of one of these asks again, also when the answer before had none of them. */
  types?: readonly string[];
}

/**
 * A query that is asked again whenever the page may be behind. What is on the screen stays there
 * until the new answer has come.
 */
export function useLiveQuery<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: LiveQueryOptions = {},
): LiveQuery<Data> {
  const types = options.types;
  const context = useMemo(() => (types ? { additionalTypenames: [...types] } : {}), [types]);
  const [result, execute] = useQuery<Data, Variables>({
    query,
    variables,
    pause: options.pause ?? false,
    context,
  });
  const latest = useRef(execute);
  latest.current = execute;
  const refresh = useRefresh();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only `refresh` may ask again
  useEffect(() => {
    if (refresh > 0 && !options.pause) execute({ requestPolicy: 'network-only' });
  }, [refresh]);
  const retry = useCallback(() => latest.current({ requestPolicy: 'network-only' }), []);
  return {
    data: result.data,
    error: result.error,
    loading: result.data === undefined && result.error === undefined,
    retry,
  };
}
