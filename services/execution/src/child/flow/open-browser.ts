import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Flow } from '#libs/flow';
import type { Channel } from '../channel.js';
import { JobFailure } from '../job-failure.js';
import type { BrowserSettings } from '../protocol.js';

const REASON_CHARS_MAX = 500;
const LAUNCH_TIMEOUT_MS = 30_000;
const VIEWPORT_DEFAULT = { width: 1280, height: 800 };
/** Of one console line of a page. */
const CONSOLE_CHARS_MAX = 2_000;
/** Console lines of one run; a page may write without end. */
const CONSOLE_LINES_MAX = 200;

/** Nothing of the browser's own may go out or come in: no updates, no sync, no first-run pages. */
const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenBrowser {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
}

/** A browser of its own with a fresh profile; the profile lies in TMPDIR, which is the scratch folder. */
export async function openBrowser(
  settings: BrowserSettings,
  flow: Flow,
  channel: Channel,
): Promise<OpenBrowser> {
  const browser = await launch(settings);
  const context = await browser.newContext({ ...screenOf(flow), acceptDownloads: false });
  tellConsole(context, channel);
  return { browser, context, page: await context.newPage() };
}

async function launch(settings: BrowserSettings): Promise<Browser> {
  try {
    return await chromium.launch({
      executablePath: settings.executablePath,
      chromiumSandbox: settings.sandbox,
      args: ARGS,
      timeout: LAUNCH_TIMEOUT_MS,
      // Signals come to this process, which first takes its last screenshot.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new JobFailure(
      'BROWSER_NOT_STARTED',
      said.includes('No usable sandbox')
        ? "Chromium's sandbox can't be used on this machine: allow user namespaces, or switch the sandbox off in the settings."
        : `Chromium did not start: ${reasonIn(said)}`,
      { cause },
    );
  }
}

/** Of a page of call log the browser's own complaint, when there is one. */
function reasonIn(said: string): string {
  const lines = said.split('\n');
  const line = lines.find((one) => /(ERROR|FATAL):/.test(one)) ?? lines[0] ?? '';
  return line.trim().slice(0, REASON_CHARS_MAX);
}

/** What only a new page can be: a flow's first viewport decides density and touch for all of it. */
function screenOf(flow: Flow) {
  const step = flow.steps.find((one) => one.type === 'setViewport');
  if (step?.type !== 'setViewport') return { viewport: VIEWPORT_DEFAULT };
  return {
    viewport: { width: step.width, height: step.height },
    ...(step.deviceScaleFactor > 0 && { deviceScaleFactor: step.deviceScaleFactor }),
    isMobile: step.isMobile,
    hasTouch: step.hasTouch,
  };
}

function tellConsole(context: BrowserContext, channel: Channel): void {
  let lines = 0;
  const tell = (message: string) => {
    lines += 1;
    if (lines > CONSOLE_LINES_MAX) return;
    channel.log('warn', message.slice(0, CONSOLE_CHARS_MAX), { from: 'page' });
    if (lines === CONSOLE_LINES_MAX)
      channel.log('warn', 'The page writes more errors; they are not kept.', { from: 'page' });
  };
  context.on('console', (message) => {
    if (message.type() === 'error') tell(`Console: ${message.text()}`);
  });
  context.on('weberror', (error) => tell(`Uncaught in the page: ${error.error().message}`));
}
