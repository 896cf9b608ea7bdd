import { Link } from '@tanstack/react-router';
import { graphql } from '../graphql/graphql.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { messages } from './messages.js';

const AutomationNameDocument = graphql(`
  query AutomationName($id: ID!) {
    automation(id: $id) {
      id
      name
    }
  }
`);

interface TargetLinkProps {
  target: {
    automationId: string | null;
    workflowId: string | null;
    systemTask: string | null;
  };
}

/** What a task runs, by its name where it has one. */
export function TargetLink({ target }: TargetLinkProps) {
  const id = target.automationId ?? '';
  const { data } = useLiveQuery(AutomationNameDocument, { id }, { pause: id === '' });
  if (id === '') return <code>{target.systemTask ?? target.workflowId ?? '–'}</code>;
  if (data && !data.automation) return <span className="muted">{messages.targetMissing}</span>;
  return (
    <Link to="/automations/$automationId" params={{ automationId: id }} className="link">
      {data?.automation?.name ?? messages.automation}
    </Link>
  );
}
