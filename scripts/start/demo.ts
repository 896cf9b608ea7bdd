import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#libs/parts';
import { DEMO_FLOW_NAME, demoFlow, demoTasks } from './demo-tasks.ts';
import { isTaken } from './product.ts';

const ANSWER_LIMIT_MS = 15_000;
const PAGE = 50;
const SITE_HOST = '127.0.0.1';

export interface DemoAsk {
  readonly folder: string;
  /** By `--demo`, now. */
  readonly isAskedFor: boolean;
  /** The setting: where the site opens the first time, if nobody else is there. */
  readonly preferredPort: number;
}

export type DemoSite =
  | { readonly kind: 'none' }
  | { readonly kind: 'open'; readonly port: number }
  /** Another program listens where the demo tasks look for the site. */
  | { readonly kind: 'taken'; readonly port: number };

/**
 * Where the demo site has to run: asked for now, or in an earlier start on this folder, whose tasks
 * would otherwise find nobody there. The tasks know the port, so it is kept.
 */
export async function demoSiteOf({
  folder,
  isAskedFor,
  preferredPort,
}: DemoAsk): Promise<DemoSite> {
  const marker = join(folder, 'demo');
  const known = existsSync(marker) ? Number(readFileSync(marker, 'utf8')) : 0;
  if (known > 0) return { kind: (await isTaken(SITE_HOST, known)) ? 'taken' : 'open', port: known };
  if (!isAskedFor) return { kind: 'none' };
  const port = (await isTaken(SITE_HOST, preferredPort)) ? await freePort() : preferredPort;
  writeFileSync(marker, String(port));
  return { kind: 'open', port };
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
