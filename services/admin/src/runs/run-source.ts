import type { RunsSearch } from '../app/searches.js';
import { client, noData } from '../graphql/client.js';
import { type ExecutionRow, ExecutionRowFragment } from '../graphql/fragments.js';
import { graphql, type VariablesOf } from '../graphql/graphql.js';
import { type ListSource, pageOf } from '../live/use-live-list.js';

const RunsDocument = graphql(
  `
    query Runs($first: Int!, $after: String, $filter: ExecutionFilter) {
      executions(first: $first, after: $after, filter: $filter) {
        edges {
          node {
            ...ExecutionRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
        totalIsExact
      }
    }
  `,
  [ExecutionRowFragment],
);

const RunsChangedDocument = graphql(
  `
    subscription RunsChanged($taskId: ID) {
      executionsChanged(taskId: $taskId) {
        ...ExecutionRow
      }
    }
  `,
  [ExecutionRowFragment],
);

export const RUNS_PAGE = 100;

type Filter = NonNullable<VariablesOf<typeof RunsDocument>['filter']>;

const filterOf = (search: RunsSearch): Filter => ({
  ...(search.status ? { status: [...search.status] } : {}),
  ...(search.trigger ? { trigger: [...search.trigger] } : {}),
  ...(search.task ? { taskId: search.task } : {}),
  ...(search.q ? { search: search.q } : {}),
});

/** The same question as the server's, asked of one row that just changed. */
export function matches(row: ExecutionRow, search: RunsSearch): boolean {
  return (
    (!search.status || search.status.includes(row.status)) &&
    (!search.trigger || search.trigger.includes(row.trigger)) &&
    (!search.task || search.task === row.taskId) &&
    (!search.q || row.taskName.toLowerCase().includes(search.q.toLowerCase()))
  );
}

/** Newest request first, as the server orders them. */
const newestFirst = (a: ExecutionRow, b: ExecutionRow): number =>
  Date.parse(b.requestedAt) - Date.parse(a.requestedAt) || (a.id < b.id ? 1 : -1);

export function runSource(search: RunsSearch): ListSource<ExecutionRow> {
  const filter = filterOf(search);
  return {
    key: `runs ${JSON.stringify(filter)}`,
    load: async (after) => {
      const result = await client.query(
        RunsDocument,
        { first: RUNS_PAGE, after: after ?? null, filter },
        { requestPolicy: 'network-only' },
      );
      if (!result.data) return { error: result.error ?? noData() };
      return pageOf(result.data.executions);
    },
    listen: (onChange) => {
      const variables = { taskId: search.task ?? null };
      const { unsubscribe } = client
        .subscription(RunsChangedDocument, variables)
        .subscribe((result) => {
          if (result.data) onChange(result.data.executionsChanged);
        });
      return unsubscribe;
    },
    belongs: (row) => matches(row, search),
    compare: newestFirst,
  };
}
