import { useEffect } from 'react';
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useQuery } from 'urql';
import { useRefresh } from './connection.js';

export interface LiveQuery<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  /** Nothing to show yet. */
  loading: boolean;
  retry: () => void;
}

/**
 * A query that is asked again whenever the page may be behind. What is on the screen stays there
 * until the new answer has come.
 */
export function useLiveQuery<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: { pause?: boolean } = {},
): LiveQuery<Data> {
  const [result, execute] = useQuery<Data, Variables>({
    query,
    variables,
    pause: options.pause ?? false,
  });
  const refresh = useRefresh();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only `refresh` may ask again
  useEffect(() => {
    if (refresh > 0 && !options.pause) execute({ requestPolicy: 'network-only' });
  }, [refresh]);
  return {
    data: result.data,
    error: result.error,
    loading: result.data === undefined && result.error === undefined,
    retry: () => execute({ requestPolicy: 'network-only' }),
  };
}
