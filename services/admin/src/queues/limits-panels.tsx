import { Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useSubscription } from 'urql';
import { every } from '../clock.js';
import { useAsleep } from '../graphql/connection.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { Panel } from '../kit/panel.js';
import { Bones, Failure } from '../kit/states.js';
import { Table, type TableColumn, Under } from '../kit/table.js';
import { done } from '../kit/toast.js';
import { useAction } from '../kit/use-action.js';
import { useLatest } from '../live/use-latest.js';
import { formatCount } from '../numbers.js';
import { Ago } from '../time/stamp.js';
import { LimitDialog } from './limit-dialog.js';
import { messages } from './messages.js';
import {
  type AccountLimits,
  LimitsChangedDocument,
  LimitsDocument,
  type NamedLimit,
  setAccountLimits,
} from './queue-documents.js';
import classes from './queues.module.css';
import { ASK_EVERY_MS } from './use-queues.js';

const columns: readonly TableColumn[] = [
  { key: 'name', label: messages.limitColumns.name },
  { key: 'key', label: messages.limitColumns.key },
  { key: 'atOnce', label: messages.limitColumns.atOnce },
  { key: 'rate', label: messages.limitColumns.rate },
  { key: 'changed', label: messages.limitColumns.changed },
  { key: 'actions', label: messages.limitColumns.actions, align: 'end', quiet: true },
];

const TYPES = ['NamedLimit', 'AccountLimits', 'CapacityDeleted'] as const;

export function LimitsPanels() {
  const { data, error, retry } = useLiveQuery(LimitsDocument, {}, { types: TYPES });
  const asleep = useAsleep();
  const [told] = useSubscription({ query: LimitsChangedDocument, pause: asleep });
  const limits = useLatest(data?.limits, told.data?.limitsChanged);
  useEffect(() => (asleep ? undefined : every(ASK_EVERY_MS, retry)), [asleep, retry]);
  const [adding, setAdding] = useState(false);
  return (
    <div className={classes.columns}>
      <Panel
        title={messages.limits}
        flush
        aside={
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            {messages.newLimit}
          </Button>
        }
      >
        {limits ? (
          <Limits limits={limits} />
        ) : error ? (
          <Failure error={error} onRetry={retry} />
        ) : (
          <Bones lines={3} />
        )}
      </Panel>
      <Panel title={messages.account}>
        {data ? (
          <Account key={data.accountLimits.position} limits={data.accountLimits} />
        ) : (
          <Bones lines={3} />
        )}
      </Panel>
      {adding ? <LimitDialog onClose={() => setAdding(false)} /> : null}
    </div>
  );
}

function Limits({ limits }: { limits: readonly NamedLimit[] }) {
  const [edited, setEdited] = useState<NamedLimit>();
  if (limits.length === 0) return <p className={classes.none}>{messages.limitsNone}</p>;
  return (
    <>
      <Table label={messages.limits} columns={columns}>
        <tbody>
          {limits.map((limit) => (
            <tr key={limit.id}>
              <th scope="row">
                <strong className={classes.poolName}>{limit.name}</strong>
                {limit.description ? <Under>{limit.description}</Under> : null}
              </th>
              <td>
                {limit.key ? (
                  <code>{limit.key}</code>
                ) : (
                  <span className="muted">{messages.oneKey}</span>
                )}
              </td>
              <td className="num">{limit.maxConcurrent ?? messages.none}</td>
              <td>
                <RateText rate={limit.rate} />
              </td>
              <td className="muted">
                <Ago at={limit.updatedAt} />
                <Under>{messages.by(limit.updatedBy)}</Under>
              </td>
              <td data-align="end">
                <Button
                  size="xs"
                  aria-label={`${messages.edit}: ${limit.name}`}
                  onClick={() => setEdited(limit)}
                >
                  {messages.edit}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      {edited ? <LimitDialog limit={edited} onClose={() => setEdited(undefined)} /> : null}
    </>
  );
}

function RateText({ rate }: { rate: NamedLimit['rate'] }) {
  if (!rate) return <span className="muted">{messages.none}</span>;
  return (
    <>
      {messages.rate(formatCount(rate.count), formatCount(rate.per))}
      <Under>{messages.exceeded[rate.exceeded] ?? rate.exceeded}</Under>
    </>
  );
}

const fields = [
  ['maxConcurrent', messages.accountMax, undefined],
  ['maxBrowserSessions', messages.accountBrowsers, undefined],
  ['weight', messages.accountWeight, messages.accountWeightHint],
] as const;

function Account({ limits }: { limits: AccountLimits }) {
  const { maxConcurrent, maxBrowserSessions, weight } = limits;
  const initial = { maxConcurrent, maxBrowserSessions, weight, currency: limits.currency ?? '' };
  const [draft, setDraft] = useState(initial);
  const changed = JSON.stringify(draft) !== JSON.stringify(initial);
  const [save, saving] = useAction(
    () => {
      const { currency, ...most } = draft;
      // One that was set stays: costs were told in it.
      const input = currency === '' ? most : { ...most, currency };
      return setAccountLimits(input, limits.position);
    },
    () => done(messages.accountSaved),
  );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {fields.map(([name, label, hint]) => (
        <NumberInput
          key={name}
          label={label}
          description={hint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={1}
          value={draft[name]}
          onChange={(value) => setDraft({ ...draft, [name]: Math.max(1, Number(value) || 1) })}
        />
      ))}
      <TextInput
        label={messages.accountCurrency}
        description={messages.accountCurrencyHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        maxLength={3}
        value={draft.currency}
        onChange={(event) =>
          setDraft({ ...draft, currency: event.currentTarget.value.toUpperCase() })
        }
      />
      <Button type="submit" variant="filled" loading={saving} disabled={!changed}>
        {messages.save}
      </Button>
    </form>
  );
}
