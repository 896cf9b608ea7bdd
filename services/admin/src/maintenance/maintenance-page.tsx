import { IconBarrierBlock } from '@tabler/icons-react';
import { Page } from '../app/page.js';
import { useNow } from '../clock.js';
import { Panel } from '../kit/panel.js';
import { Bones, Empty, Failure } from '../kit/states.js';
import { Table, type TableColumn, Under } from '../kit/table.js';
import { StatusText } from '../status/status-badge.js';
import { Stamp } from '../time/stamp.js';
import { EndMaintenance } from './end-maintenance.js';
import classes from './maintenance.module.css';
import type { Maintenance } from './maintenance-documents.js';
import { aftermathLabel, messages, scopeLabel } from './messages.js';
import { PlanMaintenance } from './plan-maintenance.js';
import { type MaintenanceState, stateOf } from './state.js';
import { useMaintenances } from './use-maintenances.js';

const shapes = { planned: 'queued', active: 'paused', over: 'success' } as const satisfies Record<
  MaintenanceState,
  string
>;

const columns: readonly TableColumn[] = [
  { key: 'state', label: messages.columns.state },
  { key: 'reason', label: messages.columns.reason },
  { key: 'scope', label: messages.columns.scope },
  { key: 'from', label: messages.columns.from },
  { key: 'until', label: messages.columns.until },
  { key: 'aftermath', label: messages.columns.aftermath },
  { key: 'actions', label: messages.columns.actions, align: 'end', quiet: true },
];

export function MaintenancePage() {
  const { data, error, retry } = useMaintenances();
  return (
    <Page title={messages.maintenance} lead={messages.lead}>
      <div className={classes.columns}>
        {data ? (
          <Maintenances maintenances={data.maintenances} />
        ) : error ? (
          <Failure error={error} onRetry={retry} />
        ) : (
          <Bones lines={6} tall />
        )}
        <Panel title={messages.plan}>
          <PlanMaintenance />
        </Panel>
      </div>
    </Page>
  );
}

function Maintenances({ maintenances }: { maintenances: readonly Maintenance[] }) {
  const now = useNow();
  if (maintenances.length === 0)
    return (
      <Empty
        title={messages.emptyTitle}
        hint={messages.emptyHint}
        icon={<IconBarrierBlock size={20} />}
      />
    );
  return (
    <Table label={messages.maintenance} columns={columns} className={classes.table}>
      <tbody>
        {maintenances.map((maintenance) => (
          <Line key={maintenance.id} maintenance={maintenance} state={stateOf(maintenance, now)} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ maintenance, state }: { maintenance: Maintenance; state: MaintenanceState }) {
  const { scope, from, until, endedAt, endedBy, aftermath, reason, author } = maintenance;
  const end = endedAt ?? until;
  return (
    <tr>
      <td>
        <StatusText status={shapes[state]} label={messages.states[state]} />
      </td>
      <th scope="row">
        {reason || '–'}
        <Under>
          {messages.by} {author}
        </Under>
      </th>
      <td>{scopeLabel(scope)}</td>
      <td>
        <Stamp at={from} />
      </td>
      <td>
        {end ? <Stamp at={end} /> : messages.untilEnded}
        {endedBy ? <Under>{messages.endedBy(endedBy)}</Under> : null}
      </td>
      <td>{aftermathLabel(aftermath)}</td>
      <td data-align="end">
        {state === 'over' ? null : <EndMaintenance maintenance={maintenance} />}
      </td>
    </tr>
  );
}
