import { Button } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import { Empty } from '../kit/states.js';
import { messages } from './messages.js';
import { Page } from './page.js';

/**
 * Instead of a screen that threw, or whose code could not be loaded because a newer build has taken
 * its place: the frame stays, and loading again brings the newest.
 */
export function Broken({ error }: { error: unknown }) {
  return (
    <Page title={messages.broken}>
      <Empty title={messages.broken} hint={messages.brokenHint} icon={<IconBug size={20} />}>
        <Button variant="filled" onClick={() => location.reload()}>
          {messages.reload}
        </Button>
      </Empty>
      <p className="muted">
        <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
    </Page>
  );
}
