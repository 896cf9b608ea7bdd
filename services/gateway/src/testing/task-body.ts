/** A task as a caller sends it. */
export const taskBody = {
  name: 'Daily report',
  type: 'system',
  target: { systemTask: 'noop' },
  schedule: { cron: '0 9 * * 1-5', timezone: 'America/New_York' },
  settings: {
    timeout: 5,
    retryPolicy: { maxRetries: 2, initialDelay: 1, backoffMultiplier: 2 },
    notifications: { onSuccess: false, onFailure: true, channels: [] },
  },
  enabled: true,
};

export const TASKS = '/api/scheduler/tasks';
