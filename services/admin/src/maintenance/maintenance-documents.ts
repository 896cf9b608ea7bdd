import { answerOf, ProblemFragment } from '../graphql/actions.js';
import { client } from '../graphql/client.js';
import { type FragmentOf, graphql, type VariablesOf } from '../graphql/graphql.js';

const MaintenanceFragment = graphql(`
  fragment MaintenanceParts on Maintenance {
    id
    scope
    from
    until
    aftermath
    reason
    author
    plannedAt
    endedAt
    endedBy
  }
`);

export type Maintenance = FragmentOf<typeof MaintenanceFragment>;

export const MaintenancesDocument = graphql(
  `
    query Maintenances {
      maintenances {
        ...MaintenanceParts
      }
    }
  `,
  [MaintenanceFragment],
);

export const PreviewMaintenanceDocument = graphql(`
  query PreviewMaintenance($input: MaintenanceInput!) {
    previewMaintenance(input: $input) {
      heldCount
      countIsExact
      runsAfter
      lookedUntil
      first {
        at
        scheduleId
        taskId
        taskName
      }
    }
  }
`);

const PlanMaintenanceDocument = graphql(
  `
    mutation PlanMaintenance($input: MaintenanceInput!) {
      planMaintenance(input: $input) {
        __typename
        ...MaintenanceParts
        ...ProblemParts
      }
    }
  `,
  [MaintenanceFragment, ProblemFragment],
);

const EndMaintenanceDocument = graphql(
  `
    mutation EndMaintenance($id: ID!) {
      endMaintenance(id: $id) {
        __typename
        ...MaintenanceParts
        ...ProblemParts
      }
    }
  `,
  [MaintenanceFragment, ProblemFragment],
);

export type MaintenanceInput = VariablesOf<typeof PlanMaintenanceDocument>['input'];

export async function planMaintenance(input: MaintenanceInput) {
  const outcome = await client.mutation(PlanMaintenanceDocument, { input });
  return answerOf(outcome, (data) => data.planMaintenance);
}

export async function endMaintenance(id: string) {
  const outcome = await client.mutation(EndMaintenanceDocument, { id });
  return answerOf(outcome, (data) => data.endMaintenance);
}
