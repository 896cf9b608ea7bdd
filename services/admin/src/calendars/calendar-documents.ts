import { answerOf, ProblemFragment } from '../graphql/actions.js';
import { client } from '../graphql/client.js';
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

const ImportHolidaysDocument = graphql(
  `
    mutation ReadHolidays($input: HolidaysImportInput!) {
      importHolidays(input: $input) {
        __typename
        ... on CalendarImport {
          name
          days {
            ...DaysParts
          }
          skipped {
            name
            reason
          }
        }
        ...ProblemParts
      }
    }
  `,
  [DaysFragment, ProblemFragment],
);

const ImportIcsDocument = graphql(
  `
    mutation ReadIcs($input: IcsImportInput!) {
      importCalendarIcs(input: $input) {
        __typename
        ... on CalendarImport {
          name
          days {
            ...DaysParts
          }
          skipped {
            name
            reason
          }
        }
        ...ProblemParts
      }
    }
  `,
  [DaysFragment, ProblemFragment],
);

export type DaysInput = VariablesOf<typeof SaveCalendarDocument>['days'];

export async function saveCalendar(id: string | undefined, name: string, days: DaysInput) {
  const outcome = await client.mutation(SaveCalendarDocument, { id: id ?? null, name, days });
  return answerOf(outcome, (data) => data.saveCalendar);
}

export async function deleteCalendar(id: string) {
  const outcome = await client.mutation(DeleteCalendarDocument, { id });
  return answerOf(outcome, (data) => data.deleteCalendar);
}

type HolidaysWish = VariablesOf<typeof ImportHolidaysDocument>['input'];

/** Only read: what they bring goes into the form, and is saved from there. */
export async function readHolidays(wish: HolidaysWish) {
  const outcome = await client.mutation(ImportHolidaysDocument, {
    input: { ...wish, dryRun: true },
  });
  return answerOf(outcome, (data) => data.importHolidays);
}

export async function readIcs(name: string, ics: string) {
  const outcome = await client.mutation(ImportIcsDocument, { input: { name, ics, dryRun: true } });
  return answerOf(outcome, (data) => data.importCalendarIcs);
}
