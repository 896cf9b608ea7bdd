/**
 * The states that things are shown in. One word, one shape and one colour each, everywhere: the
 * colours are tokens (`app/tokens.css`), told apart under every colour vision; the shapes are in
 * `status-icon.tsx`.
 */
export type RunStatus =
  | 'queued'
  | 'running'
  | 'retrying'
  | 'waiting'
  | 'success'
  | 'failed'
  | 'timeout'
  | 'cancelled'
  | 'skipped';

export type ShownStatus = RunStatus | 'paused' | 'active' | 'lost' | 'fired' | 'missed';

export const runStatuses: readonly RunStatus[] = [
  'queued',
  'running',
  'retrying',
  'waiting',
  'success',
  'failed',
  'timeout',
  'cancelled',
  'skipped',
];

export const statusLabel: Record<ShownStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  retrying: 'Retrying',
  waiting: 'Waiting',
  success: 'Success',
  failed: 'Failed',
  timeout: 'Timed out',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
  paused: 'Paused',
  active: 'Active',
  lost: 'Lost',
  fired: 'Fired',
  missed: 'Missed',
};

export const isRunStatus = (text: string): text is RunStatus =>
  (runStatuses as readonly string[]).includes(text);

export const isOpen = (status: RunStatus): boolean =>
  status === 'queued' || status === 'running' || status === 'retrying' || status === 'waiting';

/** Ended without doing its work: what a person may want to try again. */
export const isTroubled = (status: RunStatus): boolean =>
  status === 'failed' || status === 'timeout';

/** States of an attempt, in the words of a run's states. */
export function attemptStatus(status: string): ShownStatus {
  switch (status) {
    case 'succeeded':
    case 'success':
      return 'success';
    case 'timed_out':
    case 'timeout':
      return 'timeout';
    case 'released':
    case 'queued':
      return 'queued';
    case 'running':
      return 'running';
    case 'cancelled':
      return 'cancelled';
    case 'lost':
      return 'lost';
    case 'handed_back':
    case 'unclaimed':
      return 'skipped';
    default:
      return 'failed';
  }
}
