import {
  ACCOUNT_LIMITS,
  AUTOMATION_LIMITS,
  BACKFILL_CONCURRENCY_MAX,
  BACKFILL_SLOTS_MAX,
  CALENDAR_LIMITS,
  KEY_EXPRESSION_LIMITS,
  LIMIT_LIMITS,
  POOL_LIMITS,
  REDRIVE_MAX,
  REDRIVE_PER_MINUTE_MAX,
  TASK_LIMITS,
  WORKFLOW_DEFINITION_LIMITS,
} from '#libs/domain';

/**
 * Every bound of the gateway, in one place. Nothing is read, kept or answered without one. Those of
 * a task and an automation are the domain's own, in the units of the API.
 */

/** Largest request body; beyond it 413. */
export const BODY_MAX_BYTES = 1024 * 1024;
/** One segment of an address, such as an id or the name of a file. */
export const PARAM_MAX_CHARS = 300;
/** For a request to arrive whole. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Deepest nesting of a request's JSON; looked at before it is parsed. */
export const JSON_DEPTH_MAX = 32;
/** A name: of a task, an automation. */
export const NAME_MAX_CHARS = TASK_LIMITS.nameLength;
export const DESCRIPTION_MAX_CHARS = TASK_LIMITS.descriptionLength;
export const REASON_MAX_CHARS = TASK_LIMITS.reasonLength;
export const SEARCH_MAX_CHARS = 200;
/** Parameters of a task or a run, as JSON. */
export const PARAMETERS_MAX_BYTES = TASK_LIMITS.parametersBytes;
/** A saved flow, as JSON. */
export const FLOW_MAX_BYTES = AUTOMATION_LIMITS.flowBytes;
export const SCHEDULES_PER_TASK_MAX = TASK_LIMITS.schedules;
export const CRON_MAX_CHARS = 256;
export const ZONE_MAX_CHARS = 64;
export const RRULE_MAX_CHARS = 512;
/** A duration or a local time. */
export const DURATION_MAX_CHARS = 40;
export const PAUSE_AFTER_FAILURES_MAX = TASK_LIMITS.pauseAfterFailures;
export const LABELS_PER_TASK_MAX = TASK_LIMITS.labels;
export const CHANNELS_MAX = TASK_LIMITS.channels;
export const CHANNEL_MAX_CHARS = 200;

/** Minutes. */
export const TIMEOUT_MIN_MINUTES = TASK_LIMITS.timeoutMs.min / 60_000;
export const TIMEOUT_MAX_MINUTES = TASK_LIMITS.timeoutMs.max / 60_000;
export const RETRIES_MAX = TASK_LIMITS.maxRetries;
/** Seconds. */
export const RETRY_DELAY_MAX_SECONDS = TASK_LIMITS.retryDelayMs.max / 1_000;
export const BACKOFF_MIN = TASK_LIMITS.backoffMultiplier.min;
export const BACKOFF_MAX = TASK_LIMITS.backoffMultiplier.max;
export const ERROR_PATTERNS_MAX = TASK_LIMITS.errorPatterns;
export const DEADLINE_MIN_MINUTES = TASK_LIMITS.deadlineMs.min / 60_000;
export const DEADLINE_MAX_MINUTES = TASK_LIMITS.deadlineMs.max / 60_000;
export const STOP_GRACE_MIN_SECONDS = TASK_LIMITS.stopGraceMs.min / 1_000;
export const STOP_GRACE_MAX_SECONDS = TASK_LIMITS.stopGraceMs.max / 1_000;
export const CONCURRENCY_LIMIT_MAX = TASK_LIMITS.concurrencyLimit;
/** What one attempt may use. */
export const LIMITS_OF_ATTEMPT = {
  cpuSeconds: TASK_LIMITS.cpuSeconds,
  memoryMb: TASK_LIMITS.memoryMb,
  diskMb: TASK_LIMITS.diskMb,
  processes: TASK_LIMITS.processes,
} as const;

/** Rows of a list page, by REST and by GraphQL. */
export const PAGE_DEFAULT = 50;
export const REST_PAGE_MAX = 100;
export const GRAPHQL_PAGE_MAX = 200;
/** How far an offset may reach; cursors go further at the price of the first page. */
export const OFFSET_MAX = 10_000;
/** A total is counted up to here, and then said to be inexact. */
export const COUNT_MAX = 10_000;
export const LOG_PAGE_DEFAULT = 200;
export const LOG_PAGE_MAX = 1_000;
/** Next runs told of one schedule or task. */
export const NEXT_RUNS_MAX = 20;
export const NEXT_RUNS_DEFAULT = 5;
/** Slots that are looked at for the next ones that calendars allow; beyond them there is none soon. */
export const NEXT_LOOKED_MAX = 1_000;
/** Next runs of a preview. */
export const PREVIEW_RUNS_MAX = 100;
/** A preview of an edit: how far it looks, at how many slots of each side, and how many it lists. */
export const CHANGE_OUTLOOK_DAYS = 90;
export const CHANGE_SLOTS_MAX = 20_000;
export const CHANGE_LISTED_MAX = 100;
export const RECENT_EXECUTIONS_MAX = 50;
/** Automations of one list. */
export const AUTOMATIONS_MAX = 1_000;
export const WORKFLOWS_MAX = 1_000;
export const WORKFLOW_VERSIONS_MAX = 200;
export const WORKFLOW_BYTES_MAX = WORKFLOW_DEFINITION_LIMITS.sourceBytes;
export const WORKFLOW_NOTE_MAX_CHARS = WORKFLOW_DEFINITION_LIMITS.noteLength;
/** A step, as `path#iteration`. */
export const STEP_MAX_CHARS = 2_000;
/** Steps of one run that are told, the first ones. */
export const RUN_STEPS_MAX = 2_000;
export const CALENDARS_MAX = 1_000;
export const CALENDAR_VERSIONS_MAX = 200;
export const CALENDAR_ENTRIES_MAX = CALENDAR_LIMITS.entries;
export const CALENDAR_NAME_MAX_CHARS = CALENDAR_LIMITS.nameLength;
/** Text of an imported calendar; the body has its own limit. */
export const ICS_MAX_CHARS = 900_000;
export const HOLIDAY_YEARS_MAX = 20;
/** Events that an import names as left out. */
export const ICS_SKIPPED_MAX = 100;
/** Maintenances of one list, the newest first. */
export const MAINTENANCES_MAX = 200;
/** A preview of a maintenance: slots that it counts, slots that it lists, and how far one without an end is looked at. */
export const HELD_SLOTS_MAX = 100_000;
export const SOON_SLOTS_MAX = 100;
export const HELD_OUTLOOK_DAYS = 7;
export const SCHEDULE_VERSIONS_MAX = 200;
export const BACKFILL_SLOTS = BACKFILL_SLOTS_MAX;
export const BACKFILL_CONCURRENCY = BACKFILL_CONCURRENCY_MAX;
/** Slots of a range that are looked at, and runs of them, before those that ran are left out. */
export const BACKFILL_LOOKED_MAX = 50_000;
export const BACKFILL_RUNS_MAX = 200_000;
/** Versions of the calendars of a schedule that a backfill looks back at. */
export const CALENDAR_VERSIONS_THEN_MAX = 1_000;
/** Backfills of one list. */
export const BACKFILLS_MAX = 200;
/** Dead letters of one redrive or discarding. */
export const DEAD_LETTERS_OF_ONE = REDRIVE_MAX;
export const REDRIVE_PER_MINUTE = REDRIVE_PER_MINUTE_MAX;
export const REDRIVE_PER_MINUTE_DEFAULT = 60;
/** Redrives of one list. */
export const REDRIVES_MAX = 200;
export const ERROR_CODE_MAX_CHARS = 128;
export const BULK_TASKS_MAX = 200;
/** Commands of one bulk request that are under way at once. */
export const BULK_IN_FLIGHT_MAX = 8;

/** Pools, limits, and what an account may use: the domain's own. */
export const POOL_NAME_MAX_CHARS = POOL_LIMITS.nameLength;
export const LIMIT_NAME_MAX_CHARS = LIMIT_LIMITS.nameLength;
export const DESCRIPTION_SHORT_MAX_CHARS = LIMIT_LIMITS.descriptionLength;
export const CONCURRENT_MAX = LIMIT_LIMITS.maxConcurrent;
export const RATE_COUNT_MAX = LIMIT_LIMITS.rateCount;
export const RATE_PER_MAX_SECONDS = LIMIT_LIMITS.ratePerMs.max / 1_000;
export const KEY_EXPRESSION_MAX_CHARS = KEY_EXPRESSION_LIMITS.length;
export const ACCOUNT_CONCURRENT_MAX = ACCOUNT_LIMITS.maxConcurrent;
export const ACCOUNT_BROWSERS_MAX = ACCOUNT_LIMITS.maxBrowserSessions;
export const ACCOUNT_WEIGHT_MAX = ACCOUNT_LIMITS.weight;
export const LIMITS_PER_TASK_MAX = TASK_LIMITS.limits;
/** In one answer. */
export const POOLS_MAX = 1_000;
export const NAMED_LIMITS_MAX = 1_000;
/** For the owner of a shard to tell how things stand; then the tables tell it. */
export const QUERY_TIMEOUT_MS = 500;

/** Lists of the dashboard. */
export const DASHBOARD_RUNNING_MAX = 50;
export const DASHBOARD_RECENT_MAX = 20;
export const DASHBOARD_UPCOMING_MAX = 10;
export const DASHBOARD_FAILING_MAX = 10;
export const DASHBOARD_HOURS = 24;
/** Schedules that the list of upcoming runs looks at. */
export const UPCOMING_SCHEDULES_MAX = 20_000;

/** A command nobody answers is sent again with the same id, until this. */
export const COMMAND_DEADLINE_MS = 10_000;
export const COMMAND_TRY_MS = 3_000;
export const COMMAND_RETRY_FIRST_MS = 50;
export const COMMAND_RETRY_MAX_MS = 1_000;
/** How long a mutation's answer waits for the read model to have reached it. */
export const POSITION_WAIT_MS = 2_000;
export const POSITION_POLL_MS = 40;
/** A partial change is applied again when somebody else was faster. */
export const PATCH_TRIES_MAX = 3;
/** A query that takes longer is given up. */
export const READ_TIMEOUT_MS = 10_000;
/** What a 503 tells the caller to wait, and a 429 of which no more is known. */
export const RETRY_AFTER_SECONDS = 2;
/** The longest that a 429 tells the caller to wait, by the pace of the limit. */
export const RETRY_AFTER_MAX_SECONDS = 3_600;

/** GraphQL documents. */
export const GRAPHQL_DEPTH_MAX = 8;
export const GRAPHQL_ALIASES_MAX = 15;
export const GRAPHQL_DIRECTIVES_MAX = 10;
export const GRAPHQL_TOKENS_MAX = 1_000;
export const GRAPHQL_COMPLEXITY_MAX = 5_000;

/** WebSockets. */
export const SOCKETS_MAX = 1_000;
export const SUBSCRIPTIONS_PER_SOCKET_MAX = 50;
export const SOCKET_MESSAGE_MAX_BYTES = 64 * 1024;
export const SOCKET_INIT_WAIT_MS = 3_000;
export const SOCKET_PING_MS = 12_000;

/** Subscriptions: at most four pushes a second, of at most 200 things each. */
export const PUSH_EVERY_MS = 250;
export const PUSH_IDS_MAX = 200;
/** Ids that wait for a slow subscriber; beyond it the oldest are forgotten. */
export const PENDING_IDS_MAX = 2_000;
export const LOG_TAIL_PAGE = 500;
/** A tail looks by itself this often, in case a notice was lost. */
export const LOG_TAIL_LOOK_MS = 5_000;
export const DASHBOARD_TICK_MS = 1_000;
/** Queues, pools and limits: at most two pushes a second, and a look of its own in between. */
export const WATCH_EVERY_MS = 500;
export const WATCH_LOOK_MS = 5_000;
/** After a read that failed. */
export const READ_AGAIN_MS = 1_000;
/** The list of upcoming runs reads its schedules this often, in case a notice was lost. */
export const UPCOMING_RELOAD_MS = 30_000;

/** A worker that has not told for this long has left the board. */
export const WORKER_SILENCE_MS = 5_000;
export const WORKERS_MAX = 1_000;

/** Problems named in one answer. */
export const PROBLEMS_MAX = 50;
