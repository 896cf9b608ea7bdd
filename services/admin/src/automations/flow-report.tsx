import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import classes from './automations.module.css';
import type { FlowReport } from './flow-check.js';
import { messages } from './messages.js';

/** The steps as Carillon reads them, or what is wrong with each. */
export function FlowReportView({ report }: { report: FlowReport | undefined }) {
  if (!report) return <p className="muted">{messages.waiting}</p>;
  if (report.ok)
    return (
      <div aria-live="polite">
        <p className={classes.verdict} data-ok="true">
          <IconCheck size={16} aria-hidden="true" />
          {messages.valid(report.steps.length)}
        </p>
        <FlowSteps report={report} />
      </div>
    );
  return (
    <div role="alert">
      <p className={classes.verdict}>
        <IconAlertTriangle size={16} aria-hidden="true" />
        {messages.problems(report.count)}
      </p>
      <ol className={classes.problems}>
        {[...report.problems].map(([step, problems]) => (
          <li key={step}>
            <strong>{step < 0 ? messages.wholeFlow : messages.step(step + 1)}</strong>
            {problems.map((problem) => (
              <p key={`${problem.path} ${problem.message}`}>
                {problem.message} <span className="muted">{problem.remedy}</span>{' '}
                {problem.path ? <code>{problem.path}</code> : null}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </div>
  );
}

export function FlowSteps({ report }: { report: FlowReport }) {
  return (
    <>
      {report.names.length > 0 ? (
        <p className={classes.names}>
          {messages.parameters}{' '}
          {report.names.map((name) => (
            <code key={name}>{name.replace(/^parameters\./, '')}</code>
          ))}
        </p>
      ) : null}
      <ol className={classes.steps}>
        {report.steps.map((step, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are known by their place
          <li key={place}>
            <span className={classes.place}>{place + 1}</span>
            <span>
              {step.verb} {step.object ? <code>{step.object}</code> : null}{' '}
              <span className="muted">{step.note}</span>
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
