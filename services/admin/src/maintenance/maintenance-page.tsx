import { IconBarrierBlock } from '@tabler/icons-react';
import { Page } from '../app/page.js';
import { useNow } from '../clock.js';
import { Panel } from '../kit/panel.js';
import { Bones, Empty, Failure } from '../kit/states.js';
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
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{messages.columns.state}</th>
            <th scope="col">{messages.columns.reason}</th>
            <th scope="col">{messages.columns.scope}</th>
            <th scope="col">{messages.columns.from}</th>
            <th scope="col">{messages.columns.until}</th>
            <th scope="col">{messages.columns.aftermath}</th>
            <th scope="col">
              <span className="visually-hidden">{messages.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {maintenances.map((maintenance) => (
            <Line
              key={maintenance.id}
              maintenance={maintenance}
              state={stateOf(maintenance, now)}
            />
          ))}
        </tbody>
      </table>
    </div>
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
      <th scope="row" className={classes.reason}>
        {reason || '–'}
        <span className={classes.under}>
          {messages.by} {author}
        </span>
      </th>
      <td>{scopeLabel(scope)}</td>
      <td>
        <Stamp at={from} />
      </td>
      <td>
        {end ? <Stamp at={end} /> : messages.untilEnded}
        {endedBy ? <span className={classes.under}>{messages.endedBy(endedBy)}</span> : null}
      </td>
      <td>{aftermathLabel(aftermath)}</td>
      <td data-align="end">
        {state === 'over' ? null : <EndMaintenance maintenance={maintenance} />}
      </td>
    </tr>
  );
}
