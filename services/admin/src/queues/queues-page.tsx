import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Page } from '../app/page.js';
import { Panel } from '../kit/panel.js';
import { Bones, Failure } from '../kit/states.js';
import { formatCount } from '../numbers.js';
import { useDashboard } from '../overview/use-dashboard.js';
import { LimitsPanels } from './limits-panels.js';
import { messages } from './messages.js';
import { EditPool } from './pool-dialogs.js';
import { PoolsTable } from './pools-table.js';
import classes from './queues.module.css';
import { useQueues } from './use-queues.js';
import { WorkersTable } from './workers-table.js';

const sum = (counts: readonly number[]): string =>
  formatCount(counts.reduce((total, count) => total + count, 0));

export function QueuesPage() {
  const { queues: told, pools, error, retry, samples } = useQueues();
  const { dashboard, error: dashboardError, retry: retryDashboard } = useDashboard();
  const [adding, setAdding] = useState(false);
  const queues = told?.queues ?? [];
  return (
    <Page
      title={messages.queues}
      lead={
        told
          ? messages.lead(
              sum(queues.map(({ depth }) => depth)),
              sum(queues.map(({ running }) => running)),
            )
          : ' '
      }
      actions={
        <Button
          variant="filled"
          leftSection={<IconPlus size={15} />}
          onClick={() => setAdding(true)}
        >
          {messages.newPool}
        </Button>
      }
    >
      {told?.live === false ? (
        <p role="status" className={classes.away}>
          {messages.notLive}
        </p>
      ) : null}
      <Panel title={messages.pools} flush>
        {pools && told ? (
          <PoolsTable pools={pools} queues={queues} samples={samples} />
        ) : error ? (
          <Failure error={error} onRetry={retry} />
        ) : (
          <Bones lines={4} tall />
        )}
      </Panel>
      <div id="workers">
        <Panel title={messages.workers} flush>
          {dashboard ? (
            <WorkersTable workers={dashboard.workers} running={dashboard.running} />
          ) : dashboardError ? (
            <Failure error={dashboardError} onRetry={retryDashboard} />
          ) : (
            <Bones lines={3} tall />
          )}
        </Panel>
      </div>
      <LimitsPanels />
      {adding ? <EditPool onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
