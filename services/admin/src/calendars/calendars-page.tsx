import { IconCalendar, IconPlus } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Page } from '../app/page.js';
import { useLiveQuery } from '../graphql/use-live-query.js';
import { LinkButton } from '../kit/link-button.js';
import { Panel } from '../kit/panel.js';
import { Bones, Empty, Failure } from '../kit/states.js';
import { Table, type TableColumn, Under } from '../kit/table.js';
import { StampText } from '../time/stamp.js';
import { type Calendar, CalendarsDocument } from './calendar-documents.js';
import { CalendarEditor } from './calendar-editor.js';
import classes from './calendars.module.css';
import { messages } from './messages.js';

const route = getRouteApi('/calendars');

const TYPES = ['Calendar', 'DeleteAccepted'] as const;
/** Tasks that are looked through for uses; the server's largest page. */
const TASKS = { tasks: 200 };

const columns: readonly TableColumn[] = [
  { key: 'name', label: messages.columns.name },
  { key: 'holds', label: messages.columns.holds },
  { key: 'usedBy', label: messages.columns.usedBy },
  { key: 'changed', label: messages.columns.changed },
];

type Users = readonly { id: string; name: string }[];

export function CalendarsPage() {
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const { data, error, retry } = useLiveQuery(CalendarsDocument, TASKS, { types: TYPES });
  const edited = data?.calendars.find(({ id }) => id === edit);
  const close = (): void => void navigate({ to: '/calendars' });
  const usersOf = (calendarId: string): Users =>
    (data?.tasks.edges ?? [])
      .map(({ node }) => node)
      .filter(({ schedules }) =>
        schedules.some(({ calendars }) => calendars.some((use) => use.calendarId === calendarId)),
      );
  return (
    <Page
      title={messages.calendars}
      lead={messages.lead}
      actions={
        <LinkButton
          to="/calendars"
          search={{ edit: 'new' }}
          variant="filled"
          leftSection={<IconPlus size={15} />}
        >
          {messages.create}
        </LinkButton>
      }
    >
      {data ? (
        <div className={edit === undefined ? undefined : classes.columns}>
          <CalendarTable
            calendars={data.calendars}
            usersOf={usersOf}
            none={data.tasks.pageInfo.hasNextPage ? messages.unusedByFirst : messages.unused}
          />
          {edited || edit === 'new' ? (
            <Panel title={edited ? messages.editTitle(edited.name) : messages.create}>
              <CalendarEditor key={edit} calendar={edited} onClose={close} />
            </Panel>
          ) : null}
        </div>
      ) : error ? (
        <Failure error={error} onRetry={retry} />
      ) : (
        <Bones lines={6} tall />
      )}
    </Page>
  );
}

interface CalendarTableProps {
  calendars: readonly Calendar[];
  usersOf: (calendarId: string) => Users;
  /** What is said when nobody was found. */
  none: string;
}

function CalendarTable({ calendars, usersOf, none }: CalendarTableProps) {
  if (calendars.length === 0)
    return (
      <Empty
        title={messages.emptyTitle}
        hint={messages.emptyHint}
        icon={<IconCalendar size={20} />}
      />
    );
  return (
    <Table columns={columns}>
      <tbody>
        {calendars.map((calendar) => (
          <tr key={calendar.id}>
            <th scope="row">
              <Link to="/calendars" search={{ edit: calendar.id }}>
                {calendar.name}
              </Link>
            </th>
            <td>{holds(calendar)}</td>
            <td>
              <UsedBy users={usersOf(calendar.id)} none={none} />
            </td>
            <td>
              <StampText at={calendar.updatedAt} />
              <Under>{messages.version(calendar.version)}</Under>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function holds({ days }: Calendar): string {
  const parts = [
    days.dates.length > 0 ? messages.dates(days.dates.length) : '',
    days.hours.length > 0 ? messages.hours : '',
    days.times.length > 0 ? messages.times(days.times.length) : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || messages.nothing;
}

function UsedBy({ users, none }: { users: Users; none: string }) {
  if (users.length === 0) return <span className="muted">{none}</span>;
  return (
    <ul>
      {users.map(({ id, name }) => (
        <li key={id}>
          <Link to="/tasks/$taskId" params={{ taskId: id }} className="link">
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
