/** What the flows begin with. */
import type { Page } from 'playwright/test';

export const CREATE = `mutation ($input: TaskInput!) {
  createTask(input: $input) { ... on Task { id } ... on Problem { message } }
}`;

/** A task that fails at once: nothing listens there, and nothing is tried again. */
export const failing = (name: string) => ({
  name,
  type: 'system',
  target: { systemTask: 'http.request' },
  parameters: { url: 'http://127.0.0.1:4/' },
  schedules: [],
  settings: { retryPolicy: { maxRetries: 0 } },
});

export const idOf = (data: Record<string, unknown>): string =>
  (data['createTask'] as { id: string }).id;

/** What would have been refused by the page's policy is a fault, as is an error nobody caught. */
export function faultsOf(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  return faults;
}
