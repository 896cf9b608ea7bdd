import { IconFileImport, IconPlus, IconRobot } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Page } from '../app/page.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { LinkButton } from '../kit/link-button.js';
import { Bones, Empty, Failure } from '../kit/states.js';
import { Table, type TableColumn } from '../kit/table.js';
import { StampText } from '../time/stamp.js';
import { type Automation, AutomationsDocument } from './automation-documents.js';
import { messages } from './messages.js';

const columns: readonly TableColumn[] = [
  { key: 'name', label: messages.columns.name },
  { key: 'steps', label: messages.columns.steps },
  { key: 'version', label: messages.columns.version },
  { key: 'changed', label: messages.columns.changed },
];

export function AutomationsPage() {
  const { data, error, loading, retry } = useLiveQuery(AutomationsDocument, {});
  return (
    <Page
      title={messages.automations}
      lead={messages.lead}
      actions={
        <LinkButton to="/automations/new" variant="filled" leftSection={<IconPlus size={15} />}>
          {messages.importOne}
        </LinkButton>
      }
    >
      {data ? (
        <AutomationTable automations={data.automations} />
      ) : error ? (
        <Failure error={error} onRetry={retry} />
      ) : loading ? (
        <Bones lines={8} tall />
      ) : null}
    </Page>
  );
}

function AutomationTable({ automations }: { automations: readonly Automation[] }) {
  if (automations.length === 0)
    return (
      <Empty title={messages.emptyTitle} hint={messages.emptyHint} icon={<IconRobot size={20} />}>
        <LinkButton
          to="/automations/new"
          variant="filled"
          leftSection={<IconFileImport size={15} />}
        >
          {messages.importOne}
        </LinkButton>
      </Empty>
    );
  return (
    <Table columns={columns}>
      <tbody>
        {automations.map((automation) => (
          <tr key={automation.id}>
            <th scope="row">
              <Link to="/automations/$automationId" params={{ automationId: automation.id }}>
                {automation.name}
              </Link>
            </th>
            <td className="num">{stepsIn(automation.flow)}</td>
            <td className="num">{automation.version}</td>
            <td>
              <StampText at={automation.updatedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function stepsIn(flow: unknown): number {
  const steps = (flow as { steps?: unknown } | null)?.steps;
  return Array.isArray(steps) ? steps.length : 0;
}
