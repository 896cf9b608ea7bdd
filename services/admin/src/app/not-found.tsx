import { IconMapOff } from '@tabler/icons-react';
import { LinkButton } from '../kit/link-button.js';
import { Empty } from '../kit/states.js';
import { messages } from './messages.js';
import { Page } from './page.js';

export function NotFound({ title = messages.notFound }: { title?: string }) {
  return (
    <Page title={title}>
      <Empty title={messages.notFound} hint={messages.notFoundHint} icon={<IconMapOff size={20} />}>
        <LinkButton to="/overview">{messages.toOverview}</LinkButton>
      </Empty>
    </Page>
  );
}
