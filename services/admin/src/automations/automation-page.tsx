import { Button } from '@mantine/core';
import { IconClockPlus, IconPencil, IconTrash } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { NotFound } from '../app/not-found.js';
import { Page } from '../app/page.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { useAskFirst } from '../kit/ask-first.js';
import { Copy } from '../kit/copy.js';
import { Facts } from '../kit/facts.js';
import { JsonView } from '../kit/json-view.js';
import { LinkButton } from '../kit/link-button.js';
import { Panel } from '../kit/panel.js';
import { Bones, Failure } from '../kit/states.js';
import { done } from '../kit/toast.js';
import { Stamp } from '../time/stamp.js';
import { type Automation, AutomationDocument, deleteAutomation } from './automation-documents.js';
import classes from './automations.module.css';
import { checkFlow } from './flow-check.js';
import { FlowEditor } from './flow-editor.js';
import { FlowReportView, FlowSteps } from './flow-report.js';
import { messages } from './messages.js';

const route = getRouteApi('/automations/$automationId');

export function AutomationPage() {
  const { automationId } = route.useParams();
  const { data, error, retry } = useLiveQuery(AutomationDocument, { id: automationId });
  if (data && !data.automation) return <NotFound title={messages.notFound} />;
  if (data?.automation)
    return <AutomationView key={automationId} automation={data.automation} onSaved={retry} />;
  return (
    <Page title={messages.automations}>
      {error ? <Failure error={error} onRetry={retry} /> : <Bones lines={9} tall />}
    </Page>
  );
}

interface AutomationViewProps {
  automation: Automation;
  onSaved: () => void;
}

function AutomationView({ automation, onSaved }: AutomationViewProps) {
  const [editing, setEditing] = useState(false);
  const report = useMemo(() => checkFlow(automation.flow), [automation.flow]);
  return (
    <Page
      title={automation.name}
      lead={messages.version(automation.version)}
      crumbs={[
        { label: messages.automations, link: { to: '/automations' } },
        { label: automation.name },
      ]}
      actions={
        editing ? undefined : (
          <AutomationActions automation={automation} onEdit={() => setEditing(true)} />
        )
      }
    >
      {editing ? (
        <FlowEditor
          id={automation.id}
          name={automation.name}
          json={JSON.stringify(automation.flow, null, 2)}
          onCancel={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            onSaved();
          }}
        />
      ) : (
        <div className={classes.columns}>
          <Panel title={messages.steps}>
            {report.ok ? <FlowSteps report={report} /> : <FlowReportView report={report} />}
          </Panel>
          <div className={classes.column}>
            <Panel title={messages.facts}>
              <Facts
                facts={[
                  [messages.changed, <Stamp key="changed" at={automation.updatedAt} />],
                  [messages.created, <Stamp key="created" at={automation.createdAt} />],
                  [
                    messages.id,
                    <Copy key="id" text={automation.id}>
                      <code>{automation.id}</code>
                    </Copy>,
                  ],
                ]}
              />
            </Panel>
            <Panel title={messages.source}>
              <JsonView value={automation.flow} label={messages.source} />
            </Panel>
          </div>
        </div>
      )}
    </Page>
  );
}

interface AutomationActionsProps {
  automation: Automation;
  onEdit: () => void;
}

function AutomationActions({ automation, onEdit }: AutomationActionsProps) {
  const navigate = useNavigate();
  const [remove, removal] = useAskFirst({
    title: messages.deleteTitle(automation.name),
    action: messages.deleteAction,
    act: () => deleteAutomation(automation.id),
    onDone: () => {
      done(messages.deleted(automation.name));
      void navigate({ to: '/automations' });
    },
    children: <p>{messages.deleteBody}</p>,
  });
  return (
    <>
      <Button color="danger" leftSection={<IconTrash size={15} stroke={1.7} />} onClick={remove}>
        {messages.remove}
      </Button>
      <Button leftSection={<IconPencil size={15} stroke={1.7} />} onClick={onEdit}>
        {messages.edit}
      </Button>
      <LinkButton
        to="/tasks/new"
        search={{ automation: automation.id }}
        variant="filled"
        leftSection={<IconClockPlus size={15} stroke={1.7} />}
      >
        {messages.makeTask}
      </LinkButton>
      {removal}
    </>
  );
}
