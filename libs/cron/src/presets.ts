/** Expressions to start from, in the order in which a builder offers them. */
export interface Preset {
  id: string;
  label: string;
  expression: string;
}

export const presets: readonly Preset[] = [
  { id: 'every-5-minutes', label: 'Every 5 minutes', expression: '*/5 * * * *' },
  { id: 'every-15-minutes', label: 'Every 15 minutes', expression: '*/15 * * * *' },
  { id: 'hourly', label: 'Hourly', expression: '0 * * * *' },
  { id: 'every-6-hours', label: 'Every 6 hours', expression: '0 */6 * * *' },
  { id: 'daily', label: 'Daily at 09:00', expression: '0 9 * * *' },
  { id: 'weekdays', label: 'Weekdays at 09:00', expression: '0 9 * * 1-5' },
  { id: 'weekly', label: 'Weekly, on Monday', expression: '0 9 * * 1' },
  { id: 'monthly', label: 'Monthly, on the 1st', expression: '0 9 1 * *' },
  { id: 'month-end', label: 'On the last day of the month', expression: '0 18 L * *' },
  { id: 'last-workday', label: 'On the last workday of the month', expression: '0 9 LW * *' },
  { id: 'quarterly', label: 'Quarterly', expression: '0 9 1 1,4,7,10 *' },
  { id: 'yearly', label: 'Yearly, on 1 January', expression: '0 9 1 1 *' },
];
