/** What `--demo` makes: a browser flow, a check, a task that is retried, and one for the night. */

const RETRIES = { maxRetries: 4, initialDelay: 2, backoffMultiplier: 2 };
const NOTIFICATIONS = { onSuccess: false, onFailure: false, channels: [] };

const settings = (timeoutMinutes: number, retryPolicy = RETRIES) => ({
  timeout: timeoutMinutes,
  retryPolicy,
  notifications: NOTIFICATIONS,
});

export const DEMO_FLOW_NAME = 'Orders of a customer';

export const demoFlow = (site: string) => ({
  title: DEMO_FLOW_NAME,
  steps: [
    {
      type: 'setViewport',
      width: 1280,
      height: 800,
      deviceScaleFactor: 1,
      isMobile: false,
      hasTouch: false,
      isLandscape: true,
    },
    {
      type: 'navigate',
      url: `${site}/`,
      assertedEvents: [{ type: 'navigation', title: 'The bell foundry: orders' }],
    },
    { type: 'change', selectors: ['#customer'], value: '{{parameters.customer}}' },
    { type: 'click', selectors: ['#show'], offsetX: 10, offsetY: 10 },
    { type: 'waitForElement', selectors: ['#total'], visible: true },
    {
      type: 'customStep',
      name: 'extract',
      parameters: { name: 'total', selector: '#total' },
    },
  ],
});

export interface DemoTask {
  readonly name: string;
  /** Run once at the start, so that the first screen does not wait for the clock. */
  readonly isRunAtOnce: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

export function demoTasks(site: string, automationId: string, timezone: string): DemoTask[] {
  const schedule = (cron: string) => ({ schedule: { cron, timezone }, enabled: true });
  return [
    {
      name: 'Demo: orders of the day',
      isRunAtOnce: true,
      body: {
        description: 'Types a customer into a page, waits for the orders and keeps their total.',
        type: 'browser_automation',
        target: { automationId },
        parameters: { customer: 'St. Rumbold' },
        settings: settings(2),
        ...schedule('* * * * *'),
      },
    },
    {
      name: 'Demo: is the foundry open?',
      isRunAtOnce: true,
      body: {
        description: 'Asks a health page and expects 200.',
        type: 'system',
        target: { systemTask: 'http.request' },
        parameters: { method: 'GET', url: `${site}/health`, expectedStatus: 200 },
        settings: settings(1),
        ...schedule('*/20 * * * * *'),
      },
    },
    {
      name: 'Demo: count the stock',
      isRunAtOnce: true,
      body: {
        description: 'The server is busy two times of three: fails, waits, tries again, succeeds.',
        type: 'system',
        target: { systemTask: 'http.request' },
        parameters: { method: 'GET', url: `${site}/stock`, expectedStatus: 200 },
        settings: settings(1),
        ...schedule('*/2 * * * *'),
      },
    },
    {
      name: 'Demo: nightly chime',
      isRunAtOnce: false,
      body: {
        description: 'Does nothing, every working day at 02:30.',
        type: 'system',
        target: { systemTask: 'noop' },
        parameters: {},
        settings: settings(1),
        ...schedule('30 2 * * 1-5'),
      },
    },
  ];
}
