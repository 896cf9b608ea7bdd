import { Button } from '@mantine/core';
import { IconMailOff, IconX } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { Page } from '../app/page.js';
import type { DeadLettersSearch } from '../app/searches.js';
import { BulkBar } from '../kit/bulk-bar.js';
import { Chips } from '../kit/chips.js';
import listClasses from '../kit/list.module.css';
import { isFiltered, ListFrame } from '../kit/list-frame.js';
import { useSelection } from '../kit/selection.js';
import { Empty } from '../kit/states.js';
import { ViewsButton } from '../kit/views-button.js';
import { type LiveListView, useLiveList } from '../live/use-live-list.js';
import { formatCount, formatTotal } from '../numbers.js';
import { useStart } from '../runs/use-start.js';
import { deadLetterCauses, deadLetterStatuses } from '../words.js';
import { DiscardDialog, RedriveDialog } from './bulk-dialogs.js';
import { type Choice, redriveDeadLetter } from './dead-letter-documents.js';
import { DeadLetterDrawer } from './dead-letter-drawer.js';
import { choiceOf, type DeadLetterRow, deadLetterSource } from './dead-letter-source.js';
import { DeadLettersGrid } from './dead-letters-grid.js';
import { groupsOf } from './groups.js';
import { messages } from './messages.js';
import { Redrives } from './redrives.js';

const route = getRouteApi('/dead-letters');

/** Asked about, then done: to all that are open and like the filter, or to the chosen ones. */
type Asked = { what: 'redrive' | 'discard'; choice: Choice };

const isOnlyOpen = ({ status }: DeadLettersSearch): boolean =>
  status === undefined || status.every((each) => each === 'open');

export function DeadLettersPage() {
  const { inspect, ...filter } = route.useSearch();
  const key = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the filter
  const source = useMemo(() => deadLetterSource(filter), [key]);
  const view = useLiveList(source);
  const [asked, setAsked] = useState<Asked>();
  const navigate = useNavigate({ from: '/dead-letters' });
  const change = useCallback(
    (next: DeadLettersSearch) =>
      void navigate({ search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false }),
    [navigate],
  );
  const total = formatTotal(view.total, view.exact);
  const all = choiceOf(filter);
  return (
    <Page
      title={messages.deadLetters}
      lead={view.loaded ? messages.lead(total) : ' '}
      actions={
        isOnlyOpen(filter) && view.total > 0 ? (
          <>
            <Button color="danger" onClick={() => setAsked({ what: 'discard', choice: all })}>
              {messages.discardAll(total)}
            </Button>
            <Button variant="filled" onClick={() => setAsked({ what: 'redrive', choice: all })}>
              {messages.redriveAll(total)}
            </Button>
          </>
        ) : undefined
      }
    >
      <Redrives />
      <Filters search={filter} view={view} change={change} />
      <Letters search={filter} view={view} change={change} onAsk={setAsked} />
      {inspect ? (
        <DeadLetterDrawer id={inspect} onClose={() => change({ inspect: undefined })} />
      ) : null}
      {asked?.what === 'redrive' ? (
        <RedriveDialog choice={asked.choice} onClose={() => setAsked(undefined)} />
      ) : null}
      {asked?.what === 'discard' ? (
        <DiscardDialog choice={asked.choice} onClose={() => setAsked(undefined)} />
      ) : null}
    </Page>
  );
}

interface PartProps {
  search: DeadLettersSearch;
  view: LiveListView<DeadLetterRow>;
  change: (next: DeadLettersSearch) => void;
}

const statusChips = deadLetterStatuses.map((value) => ({
  value,
  label: messages.statuses[value],
}));
const causeChips = deadLetterCauses.map((value) => ({ value, label: messages.causes[value] }));

const some = <T,>(chosen: readonly T[]): readonly T[] | undefined =>
  chosen.length > 0 ? chosen : undefined;

function Filters({ search, view, change }: PartProps) {
  const groups = useMemo(() => groupsOf(view.list.rows), [view.list.rows]);
  const name = view.list.rows.find((row) => row.taskId === search.task)?.taskName ?? search.task;
  const groupChips = groups.map(({ code, count, tasks }) => ({
    value: code,
    label: (
      <>
        <code>{code}</code>
        <span className="muted">
          {messages.groupCount(`${formatCount(count)}${view.hasMore ? '+' : ''}`, tasks)}
        </span>
      </>
    ),
  }));
  return (
    <>
      <div className={listClasses.filters}>
        <Chips
          label={messages.status}
          chips={statusChips}
          chosen={search.status ?? ['open']}
          onChange={(status) => change({ status: some(status) })}
        />
        <Chips
          label={messages.cause}
          chips={causeChips}
          chosen={search.cause ?? []}
          onChange={(cause) => change({ cause: some(cause) })}
        />
        {search.task ? (
          <Button
            size="xs"
            rightSection={<IconX size={13} />}
            onClick={() => change({ task: undefined })}
          >
            {messages.ofTask}: {name}
          </Button>
        ) : null}
        <ViewsButton />
      </div>
      {groups.length > 0 ? (
        <div className={listClasses.filters}>
          <Chips
            label={messages.byError}
            chips={groupChips}
            chosen={search.code ? [search.code] : []}
            onChange={(codes) => change({ code: codes.at(-1) })}
          />
        </div>
      ) : null}
    </>
  );
}

interface LettersProps extends PartProps {
  onAsk: (asked: Asked) => void;
}

function Letters({ search, view, change, onAsk }: LettersProps) {
  const navigate = useNavigate({ from: '/dead-letters' });
  const selecting = useSelection();
  const chosen = view.list.rows.filter((row) => selecting.selection.chosen.has(row.id));
  const open = chosen.filter((row) => row.status === 'open');
  const [redrive] = useStart((row: DeadLetterRow) =>
    redriveDeadLetter(row.id, undefined, undefined),
  );
  const choice = { ids: open.map((row) => row.id) };
  return (
    <ListFrame
      view={view}
      noMatch={isFiltered(search) ? messages.emptyFilter : undefined}
      onClear={() => void navigate({ to: '/dead-letters', replace: true })}
      empty={
        <Empty
          title={messages.emptyTitle}
          hint={messages.emptyHint}
          icon={<IconMailOff size={20} />}
        />
      }
    >
      <DeadLettersGrid
        rows={view.list.rows}
        total={view.total}
        patched={view.list.patched}
        onlyOpen={isOnlyOpen(search)}
        selecting={selecting}
        onEnd={view.more}
        onInspect={(id) => change({ inspect: id })}
        onRedrive={redrive}
      />
      <BulkBar
        selecting={selecting}
        items={open.map(({ id, taskName }) => ({ id, name: taskName }))}
        total={view.total}
        isExact={view.exact}
        actions={[
          { label: messages.redrive, onAsk: () => onAsk({ what: 'redrive', choice }) },
          { label: messages.discard, onAsk: () => onAsk({ what: 'discard', choice }) },
        ]}
      />
    </ListFrame>
  );
}
