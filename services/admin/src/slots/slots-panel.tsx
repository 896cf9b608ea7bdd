import { Button } from '@mantine/core';
import { IconBell, IconFilterOff } from '@tabler/icons-react';
import type { SlotsSearch } from '../app/searches.js';
import { Chips } from '../kit/chips.js';
import { messages as kitMessages } from '../kit/messages.js';
import { NewRows } from '../kit/new-rows.js';
import { Bones, Empty, Failure } from '../kit/states.js';
import { Table, type TableColumn } from '../kit/table.js';
import type { LiveListView } from '../live/use-live-list.js';
import { StatusIcon } from '../status/status-icon.js';
import type { TaskWhole } from '../tasks/task-document.js';
import { slotOutcomes } from '../words.js';
import { messages } from './messages.js';
import { SlotLine } from './slot-line.js';
import type { SlotRow } from './slot-source.js';
import classes from './slots.module.css';
import { useSlots } from './use-slots.js';

interface SlotsPanelProps {
  task: TaskWhole;
  search: SlotsSearch;
  onSearch: (search: SlotsSearch) => void;
}

const chips = slotOutcomes.map((outcome) => ({
  value: outcome,
  label: (
    <>
      <StatusIcon status={outcome} size={12} />
      {messages.outcomes[outcome]}
    </>
  ),
}));

const columns: readonly TableColumn[] = (
  ['time', 'outcome', 'why', 'schedule', 'run'] as const
).map((key) => ({ key, label: messages.columns[key] }));

/** The ledger of a task: every time it was to ring, what came of it, and why. */
export function SlotsPanel({ task, search, onSearch }: SlotsPanelProps) {
  const view = useSlots(task.id, search);
  return (
    <section className={classes.slots} aria-label={messages.slots}>
      <div className={classes.bar}>
        <p className="muted">{messages.lead}</p>
        <Chips
          label={messages.outcome}
          chips={chips}
          chosen={search.outcome ?? []}
          onChange={(outcome) => onSearch({ outcome: outcome.length > 0 ? outcome : undefined })}
        />
      </div>
      <Ledger
        task={task}
        view={view}
        filtered={search.outcome !== undefined}
        onClear={() => onSearch({ outcome: undefined })}
      />
    </section>
  );
}

interface LedgerProps {
  task: TaskWhole;
  view: LiveListView<SlotRow>;
  filtered: boolean;
  onClear: () => void;
}

function Ledger({ task, view, filtered, onClear }: LedgerProps) {
  const { rows, pending } = view.list;
  if (view.error && !view.loaded) return <Failure error={view.error} onRetry={view.retry} />;
  if (!view.loaded) return <Bones lines={9} tall />;
  if (rows.length === 0 && pending.length === 0)
    return filtered ? (
      <Empty
        title={messages.emptyFilter}
        hint={messages.emptyFilterHint}
        icon={<IconFilterOff size={20} />}
      >
        <Button onClick={onClear}>{kitMessages.clearFilters}</Button>
      </Empty>
    ) : (
      <Empty title={messages.emptyTitle} hint={messages.emptyHint} icon={<IconBell size={20} />} />
    );
  return (
    <div className={view.stale ? classes.stale : undefined} aria-busy={view.stale}>
      {view.error ? <Failure error={view.error} onRetry={view.retry} /> : null}
      <NewRows count={pending.length} onShow={view.reveal} />
      <Table label={messages.slots} columns={columns} className={classes.table}>
        {rows.map((slot) => (
          <SlotLine key={slot.id} slot={slot} schedules={task.schedules} />
        ))}
      </Table>
      {view.hasMore ? (
        <Button className={classes.older ?? ''} loading={view.loadingMore} onClick={view.more}>
          {messages.older}
        </Button>
      ) : null}
    </div>
  );
}
