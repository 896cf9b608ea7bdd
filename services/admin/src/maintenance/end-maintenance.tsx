import { Button } from '@mantine/core';
import { useState } from 'react';
import { Confirm } from '../kit/confirm.js';
import { done, refused } from '../kit/toast.js';
import { reasonOf } from '../kit/use-action.js';
import { endMaintenance, type Maintenance } from './maintenance-documents.js';
import { endBody, messages } from './messages.js';

/** Ends one, after it was said what then runs. */
export function EndMaintenance({ maintenance }: { maintenance: Maintenance }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="xs" onClick={() => setAsking(true)}>
        {messages.end}
      </Button>
      {asking ? (
        <Confirm
          title={messages.endTitle}
          action={messages.end}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            const answer = await endMaintenance(maintenance.id);
            setAsking(false);
            if (answer.ok) done(messages.ended);
            else refused(messages.endTitle, reasonOf(answer.refusal));
          }}
        >
          <p>{endBody(maintenance.aftermath)}</p>
        </Confirm>
      ) : null}
    </>
  );
}
