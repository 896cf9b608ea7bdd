import { useNavigate, useRouter } from '@tanstack/react-router';
import { Page } from '../app/page.js';
import { FlowEditor } from './flow-editor.js';
import { messages } from './messages.js';

export function NewAutomationPage() {
  const navigate = useNavigate();
  const { history } = useRouter();
  return (
    <Page
      title={messages.newTitle}
      crumbs={[
        { label: messages.automations, link: { to: '/automations' } },
        { label: messages.newTitle },
      ]}
    >
      <FlowEditor
        name=""
        json=""
        onCancel={() => history.back()}
        onSaved={(automationId) =>
          void navigate({ to: '/automations/$automationId', params: { automationId } })
        }
      />
    </Page>
  );
}
