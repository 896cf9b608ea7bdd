import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { serverNow } from '../clock.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Bones } from '../kit/states.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { formatTotal } from '../numbers.js';
import { usePreference } from '../preferences.js';
import { Stamp } from '../time/stamp.js';
import { formatIso, zoneAbbreviation } from '../time/time.js';
import { useZone } from '../time/zone.js';
import classes from './maintenance.module.css';
import {
  type MaintenanceInput,
  PreviewMaintenanceDocument,
  planMaintenance,
} from './maintenance-documents.js';
import { messages } from './messages.js';
import { type Aftermath, aftermaths, instantOf, type Scope, scopes } from './state.js';

const EMPTY = {
  scope: 'account' as Scope,
  from: '',
  until: '',
  aftermath: 'latest' as Aftermath,
  reason: '',
};

const scopeOptions = scopes.map((value) => ({ value, label: messages.scopes[value] }));

const aftermathOptions = aftermaths.map((value) => ({
  value,
  label: messages.aftermaths[value],
}));

export function PlanMaintenance() {
  const [plan, setPlan] = useState(EMPTY);
  const zone = usePreference('zone');
  const name = zoneAbbreviation(serverNow(), useZone());
  const change = (part: Partial<typeof EMPTY>): void => setPlan((now) => ({ ...now, ...part }));
  const instant = (field: string): { at?: string } => {
    const ms = instantOf(field, zone);
    return ms === undefined ? {} : { at: formatIso(ms) };
  };
  const range = {
    scope: plan.scope,
    from: instant(plan.from).at,
    until: instant(plan.until).at,
    aftermath: plan.aftermath,
  };
  const [save, saving] = useAction(planMaintenance, () => {
    done(plan.from === '' ? messages.begun : messages.planned);
    setPlan(EMPTY);
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save({ ...range, reason: plan.reason.trim() });
      }}
    >
      <div className={classes.two}>
        <TextInput
          type="datetime-local"
          label={messages.from(name)}
          description={messages.fromHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={plan.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={messages.until(name)}
          description={messages.untilHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={plan.until}
          onChange={(event) => change({ until: event.currentTarget.value })}
        />
      </div>
      <Select
        label={messages.scope}
        description={messages.scopeHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={scopeOptions}
        value={plan.scope}
        allowDeselect={false}
        onChange={(value) => value && change({ scope: value as Scope })}
      />
      <Select
        label={messages.aftermath}
        data={aftermathOptions}
        value={plan.aftermath}
        allowDeselect={false}
        onChange={(value) => value && change({ aftermath: value as Aftermath })}
      />
      <Textarea
        label={messages.reason}
        description={messages.reasonHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={plan.reason}
        onChange={(event) => change({ reason: event.currentTarget.value })}
        autosize
        minRows={1}
        maxRows={4}
      />
      <Preview input={range} />
      <Button type="submit" variant="filled" loading={saving}>
        {plan.from === '' ? messages.start : messages.save}
      </Button>
    </form>
  );
}

function Preview({ input }: { input: MaintenanceInput }) {
  const { data, error } = useLiveQuery(PreviewMaintenanceDocument, {
    input: useDeferredValue(input),
  });
  return (
    <section className={classes.preview} aria-live="polite" aria-label={messages.preview}>
      <h3>{messages.preview}</h3>
      {error ? (
        <p className={classes.wrong}>{error.graphQLErrors[0]?.message ?? error.message}</p>
      ) : !data ? (
        <Bones lines={2} />
      ) : data.previewMaintenance.heldCount === 0 ? (
        <p className="muted">{messages.holdsNothing}</p>
      ) : (
        <>
          <p>
            {messages.holds(
              formatTotal(data.previewMaintenance.heldCount, data.previewMaintenance.countIsExact),
              formatTotal(data.previewMaintenance.runsAfter, data.previewMaintenance.countIsExact),
            )}
          </p>
          <ol>
            {data.previewMaintenance.first.map((slot) => (
              <li key={`${slot.scheduleId} ${slot.at}`}>
                <Stamp at={slot.at} />
                <Link to="/tasks/$taskId" params={{ taskId: slot.taskId }} className="truncate">
                  {slot.taskName}
                </Link>
              </li>
            ))}
          </ol>
          <p className="muted">
            {messages.lookedUntil} <Stamp at={data.previewMaintenance.lookedUntil} />
          </p>
        </>
      )}
    </section>
  );
}
