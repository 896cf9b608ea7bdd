import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_FLOW_NAME, demoFlow, demoTasks } from './demo-tasks.ts';

const ANSWER_LIMIT_MS = 15_000;
const PAGE = 50;

/**
 * Whether the demo site has to run: asked for now, or in an earlier start on this folder, whose
 * tasks would otherwise find nobody there.
 */
export function wantsDemo(folder: string, isAskedFor: boolean): boolean {
  const marker = join(folder, 'demo');
  if (isAskedFor) writeFileSync(marker, '');
  return isAskedFor || existsSync(marker);
}

/** Makes what is not there yet, by the same API that everybody uses. Gives how many it made. */
export async function makeDemoTasks(address: string, site: string): Promise<number> {
  const api = apiAt(`${address}/api/scheduler`);
  const list = `limit=${PAGE}&search=${encodeURIComponent('Demo:')}`;
  const known = await api<{ tasks: { name: string }[] }>('GET', `/tasks?${list}`);
  const names = new Set(known.tasks.map(({ name }) => name));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const missing = demoTasks(site, await demoAutomation(api, site), zone).filter(
    ({ name }) => !names.has(name),
  );
  for (const { name, body, isRunAtOnce } of missing) {
    const { taskId } = await api<{ taskId: string }>('POST', '/tasks', { name, ...body });
    if (isRunAtOnce) await api('POST', `/tasks/${taskId}/run`);
  }
  return missing.length;
}

async function demoAutomation(api: Api, site: string): Promise<string> {
  const { automations } = await api<{ automations: { id: string; name: string }[] }>(
    'GET',
    '/automations',
  );
  const known = automations.find(({ name }) => name === DEMO_FLOW_NAME);
  if (known) return known.id;
  const saved = await api<{ automationId: string }>('POST', '/automations', {
    name: DEMO_FLOW_NAME,
    flow: demoFlow(site),
  });
  return saved.automationId;
}

type Api = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

function apiAt(base: string): Api {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${base}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
    return JSON.parse(answer) as T;
  };
}
