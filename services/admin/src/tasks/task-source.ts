import type { TasksSearch } from '../app/searches.js';
import { client, noData } from '../graphql/client.js';
import { type TaskRow, TaskRowFragment } from '../graphql/fragments.js';
import { graphql } from '../graphql/graphql.js';
import { type ListSource, pageOf } from '../live/use-live-list.js';

const TasksDocument = graphql(
  `
    query Tasks(
      $first: Int!
      $after: String
      $search: String
      $status: TaskStatus
      $type: TaskType
    ) {
      tasks(first: $first, after: $after, search: $search, status: $status, type: $type) {
        edges {
          node {
            ...TaskRow
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
  [TaskRowFragment],
);

export const TasksChangedDocument = graphql(
  `
    subscription TasksChanged {
      tasksChanged {
        ...TaskRow
      }
    }
  `,
  [TaskRowFragment],
);

const TASKS_PAGE = 50;

function matches(row: TaskRow, search: TasksSearch): boolean {
  return (
    (!search.status || search.status === row.status) &&
    (!search.type || search.type === row.type) &&
    (!search.q || row.name.toLowerCase().includes(search.q.toLowerCase()))
  );
}

export function taskSource(search: TasksSearch): ListSource<TaskRow> {
  const filter = {
    ...(search.q ? { search: search.q } : {}),
    ...(search.status ? { status: search.status } : {}),
    ...(search.type ? { type: search.type } : {}),
  };
  return {
    key: `tasks ${JSON.stringify(filter)}`,
    load: async (after) => {
      const result = await client.query(
        TasksDocument,
        { first: TASKS_PAGE, after: after ?? null, ...filter },
        { requestPolicy: 'network-only' },
      );
      if (!result.data) return { error: result.error ?? noData() };
      return pageOf(result.data.tasks);
    },
    listen: (onChange) =>
      client.subscription(TasksChangedDocument, {}).subscribe((result) => {
        if (result.data) onChange(result.data.tasksChanged);
      }).unsubscribe,
    belongs: (row) => matches(row, search),
    compare: (a, b) => a.name.localeCompare(b.name),
    isGone: (row) => row.status === 'disabled',
  };
}
