import { Link } from '@tanstack/react-router';
import { Page } from '../app/page.js';
import { LinkButton } from '../kit/link-button.js';
import { Panel } from '../kit/panel.js';
import { Bones, Failure } from '../kit/states.js';
import { StatusIcon } from '../status/status-icon.js';
import { Countdown } from '../time/stamp.js';
import type { Dashboard } from './dashboard-document.js';
import { Attention, Latest, NextDue, RunningNow, Workers } from './lists.js';
import { messages } from './messages.js';
import classes from './overview.module.css';
import { Pulse, PulseLegend } from './pulse.js';
import { Tiles } from './tiles.js';
import { useDashboard } from './use-dashboard.js';
import { verdictOf } from './verdict.js';

const LATEST_SHOWN = 12;

export function OverviewPage() {
  const { dashboard, error, retry } = useDashboard();
  if (dashboard) return <OverviewView dashboard={dashboard} />;
  return (
    <Page title={messages.overview}>
      {error ? <Failure error={error} onRetry={retry} /> : <Bones lines={9} tall />}
    </Page>
  );
}

function OverviewView({ dashboard }: { dashboard: Dashboard }) {
  const { overview, recentExecutions, upcomingRuns } = dashboard;
  const verdict = verdictOf(dashboard);
  const isNew = overview.activeTasks + overview.pausedTasks === 0 && recentExecutions.length === 0;
  if (isNew) return <FirstSteps />;
  const next = upcomingRuns[0];
  return (
    <Page
      title={messages.overview}
      heading={
        <>
          <StatusIcon status={verdict.status} size={20} />
          {verdict.head}
        </>
      }
      lead={
        <>
          {`${verdict.rest[0]?.toUpperCase()}${verdict.rest.slice(1)}, `}
          {next ? (
            <>
              {messages.dueNext} <Countdown at={next.scheduledAt} />.
            </>
          ) : (
            `${messages.nothingDue}.`
          )}
        </>
      }
      actions={
        <LinkButton to="/tasks/new" variant="filled">
          {messages.newTask}
        </LinkButton>
      }
    >
      <Tiles dashboard={dashboard} />
      <Panel title={messages.pulse} aside={<PulseLegend hours={dashboard.hours} />}>
        <Pulse hours={dashboard.hours} />
      </Panel>
      <div className={classes.columns}>
        <div className={classes.main}>
          <Panel title={messages.attention} flush>
            <Attention tasks={dashboard.failedTasks} />
          </Panel>
          <Panel
            title={messages.recent}
            flush
            aside={
              <Link to="/runs" className="link">
                {messages.allRuns}
              </Link>
            }
          >
            <Latest runs={recentExecutions.slice(0, LATEST_SHOWN)} />
          </Panel>
        </div>
        <div className={classes.side}>
          <Panel title={messages.running} flush aside={dashboard.running.length || undefined}>
            <RunningNow runs={dashboard.running} />
          </Panel>
          <Panel title={messages.upcoming} flush>
            <NextDue runs={upcomingRuns} />
          </Panel>
          <div id="workers">
            <Panel title={messages.workers} flush>
              <Workers workers={dashboard.workers} />
            </Panel>
          </div>
        </div>
      </div>
    </Page>
  );
}

const steps = [
  [messages.step1, messages.step1Hint],
  [messages.step2, messages.step2Hint],
  [messages.step3, messages.step3Hint],
] as const;

function FirstSteps() {
  return (
    <Page title={messages.overview} heading={messages.begin}>
      <ol className={classes.steps}>
        {steps.map(([title, hint], place) => (
          <li key={title}>
            <span className={classes.stepNumber}>{place + 1}</span>
            <h2>{title}</h2>
            <p className="muted">{hint}</p>
            {place === 0 ? (
              <div className={classes.stepActions}>
                <LinkButton to="/tasks/new" variant="filled">
                  {messages.newTask}
                </LinkButton>
                <LinkButton to="/automations/new">{messages.newAutomation}</LinkButton>
              </div>
            ) : null}
          </li>
        ))}
      </ol>
    </Page>
  );
}
