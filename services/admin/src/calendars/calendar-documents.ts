import { mutate, ProblemFragment } from '../graphql/actions.js';
import { type FragmentOf, graphql, type VariablesOf } from '../graphql/graphql.js';

const DaysFragment = graphql(`
  fragment DaysParts on CalendarDays {
    zone
    dates {
      from
      to
      name
    }
    hours {
      weekday
      fromMinute
      toMinute
    }
    times {
      from
      to
      name
    }
  }
`);

const CalendarFragment = graphql(
  `
    fragment CalendarParts on Calendar {
      id
      name
      version
      updatedAt
      updatedBy
      days {
        ...DaysParts
      }
    }
  `,
  [DaysFragment],
);

export type Calendar = FragmentOf<typeof CalendarFragment>;
export type Days = FragmentOf<typeof DaysFragment>;

/** Nobody counts the uses of a calendar: they are read from the tasks, up to a page of them. */
export const CalendarsDocument = graphql(
  `
    query Calendars($tasks: Int!) {
      calendars {
        ...CalendarParts
      }
      tasks(first: $tasks) {
        edges {
          node {
            id
            name
            schedules {
              calendars {
                calendarId
              }
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [CalendarFragment],
);

const SaveCalendarDocument = graphql(
  `
    mutation SaveCalendar($id: ID, $name: String!, $days: CalendarDaysInput!) {
      saveCalendar(id: $id, name: $name, days: $days) {
        __typename
        ...CalendarParts
        ...ProblemParts
      }
    }
  `,
  [CalendarFragment, ProblemFragment],
);

const DeleteCalendarDocument = graphql(
  `
    mutation DeleteCalendar($id: ID!) {
      deleteCalendar(id: $id) {
        __typename
        ... on DeleteAccepted {
          id
        }
        ...ProblemParts
      }
    }
  `,
  [ProblemFragment],
);

const ImportFragment = graphql(
  `
    fragment ImportParts on CalendarImport {
      name
      days {
        ...DaysParts
      }
      skipped {
        name
        reason
      }
    }
  `,
  [DaysFragment],
);

const ImportHolidaysDocument = graphql(
  `
    mutation ReadHolidays($input: HolidaysImportInput!) {
      importHolidays(input: $input) {
        __typename
        ...ImportParts
        ...ProblemParts
      }
    }
  `,
  [ImportFragment, ProblemFragment],
);

const ImportIcsDocument = graphql(
  `
    mutation ReadIcs($input: IcsImportInput!) {
      importCalendarIcs(input: $input) {
        __typename
        ...ImportParts
        ...ProblemParts
      }
    }
  `,
  [ImportFragment, ProblemFragment],
);

export type DaysInput = VariablesOf<typeof SaveCalendarDocument>['days'];

export const saveCalendar = (id: string | undefined, name: string, days: DaysInput) =>
  mutate(SaveCalendarDocument, { id: id ?? null, name, days });

export const deleteCalendar = (id: string) => mutate(DeleteCalendarDocument, { id });

type HolidaysWish = VariablesOf<typeof ImportHolidaysDocument>['input'];

/** Only read: what they bring goes into the form, and is saved from there. */
export const readHolidays = (wish: HolidaysWish) =>
  mutate(ImportHolidaysDocument, { input: { ...wish, dryRun: true } });

export const readIcs = (name: string, ics: string) =>
  mutate(ImportIcsDocument, { input: { name, ics, dryRun: true } });
