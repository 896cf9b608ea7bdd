import type { SlotsSearch } from '../app/searches.js';
import { client, noData } from '../graphql/client.js';
import { graphql, type ResultOf } from '../graphql/graphql.js';
import type { ListSource } from '../live/use-live-list.js';

const SlotsDocument = graphql(`
  query Slots($taskId: ID!, $first: Int!, $after: String, $outcome: [String!]) {
    slots(taskId: $taskId, first: $first, after: $after, outcome: $outcome) {
      edges {
        node {
          scheduleId
          revision
          local
          pass
          timezone
          dueAt
          outcome
          cause
          executionId
          explanation {
            sentence
            chain {
              at
              what
              by
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** Slots of the task were decided or skipped. */
export const SlotsChangedDocument = graphql(`
  subscription SlotsChanged($taskId: ID!) {
    slotsChanged(taskId: $taskId)
  }
`);

/** Runs of the task moved on: what is told of their slots, too. */
export const RunsOfSlotsDocument = graphql(`
  subscription RunsOfSlots($taskId: ID!) {
    executionsChanged(taskId: $taskId) {
      id
    }
  }
`);

type Slot = ResultOf<typeof SlotsDocument>['slots']['edges'][number]['node'];

export type SlotRow = Slot & { id: string; position: string };

/** Each row brings its explanation, which the server reads from half a dozen tables. */
const SLOTS_PAGE = 40;

const rowOf = (slot: Slot): SlotRow => ({
  ...slot,
  id: `${slot.scheduleId} ${slot.revision} ${slot.local} ${slot.pass}`,
  // A slot carries no place in the log: what was read last is what holds.
  position: '',
});

const latestFirst = (a: SlotRow, b: SlotRow): number =>
  Date.parse(b.dueAt) - Date.parse(a.dueAt) || (a.id < b.id ? 1 : -1);

/** The ledger of a task. Nobody counts it; `use-slots.ts` asks again when it is told to. */
export function slotSource(taskId: string, search: SlotsSearch): ListSource<SlotRow> {
  const outcome = search.outcome ? [...search.outcome] : null;
  return {
    key: `slots ${taskId} ${outcome ?? ''}`,
    load: async (after) => {
      const result = await client.query(
        SlotsDocument,
        { taskId, first: SLOTS_PAGE, after: after ?? null, outcome },
        { requestPolicy: 'network-only' },
      );
      if (!result.data) return { error: result.error ?? noData() };
      const { edges, pageInfo } = result.data.slots;
      const cursor = pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined;
      return {
        page: { rows: edges.map(({ node }) => rowOf(node)), cursor, total: 0, exact: false },
      };
    },
    listen: () => () => undefined,
    belongs: (row) => !outcome || outcome.some((each) => each === row.outcome),
    compare: latestFirst,
  };
}
