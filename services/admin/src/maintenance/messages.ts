import type { Aftermath, MaintenanceState, Scope } from './state.js';

const schedulesOf = (scope: string): string =>
  scope === 'system' ? 'All schedules of the whole system' : 'All schedules of this account';

/** Words of maintenances: the banner, the list and the form. */
export const messages = {
  maintenance: 'Maintenance',
  lead: 'While one holds, no schedule starts anything. Runs by hand still start.',
  held: (scope: string, until: string) => `${schedulesOf(scope)} are held until ${until}`,
  heldOpen: (scope: string) => `${schedulesOf(scope)} are held until somebody ends it`,
  by: 'by',
  end: 'End it',
  show: 'Show',
  endTitle: 'End the maintenance now?',
  ended: 'The maintenance is ended',
  states: { planned: 'Planned', active: 'Holds now', over: 'Over' } satisfies Record<
    MaintenanceState,
    string
  >,
  columns: {
    state: 'State',
    scope: 'Holds',
    from: 'From',
    until: 'Until',
    aftermath: 'Afterwards',
    reason: 'Reason',
    by: 'Planned by',
    actions: 'Actions',
  },
  untilEnded: 'until ended',
  endedBy: (who: string) => `ended by ${who}`,
  emptyTitle: 'No maintenance',
  emptyHint: 'Hold every schedule at once, now or later, and choose what happens to what was held.',
  plan: 'Plan a maintenance',
  from: (zone: string) => `From (${zone})`,
  fromHint: 'Empty: now',
  until: (zone: string) => `Until (${zone})`,
  untilHint: 'Empty: until it is ended',
  scope: 'Holds',
  scopes: {
    account: 'This account',
    system: 'The whole system',
  } satisfies Record<Scope, string>,
  scopeHint: 'The whole system: the schedules of every account',
  aftermath: 'Afterwards',
  aftermaths: {
    latest: 'Run the latest of each schedule',
    skip: 'Skip what was held',
    all: 'Run all that was held',
  } satisfies Record<Aftermath, string>,
  endBody: {
    latest: 'Of what was held, the latest slot of each schedule runs at once.',
    skip: 'What was held is skipped; schedules go on with their next slot.',
    all: 'All that was held runs at once.',
  } satisfies Record<Aftermath, string>,
  reason: 'Reason',
  reasonHint: 'Shown on every page while it holds',
  preview: 'What it would hold',
  holds: (count: string, after: string) => `${count} slots, of which ${after} run afterwards`,
  holdsNothing: 'Nothing is due in it.',
  lookedUntil: 'Looked until',
  save: 'Plan it',
  start: 'Begin now',
  planned: 'The maintenance is planned',
  begun: 'The maintenance has begun',
} as const;

const isAftermath = (text: string): text is Aftermath => text in messages.aftermaths;

const isScope = (text: string): text is Scope => text in messages.scopes;

export const scopeLabel = (text: string): string => (isScope(text) ? messages.scopes[text] : text);

export const aftermathLabel = (text: string): string =>
  isAftermath(text) ? messages.aftermaths[text] : text;

export const endBody = (text: string): string =>
  isAftermath(text) ? messages.endBody[text] : text;
