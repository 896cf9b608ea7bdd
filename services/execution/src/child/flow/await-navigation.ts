import type { Page } from 'playwright-core';
import type { Step } from '#libs/flow';
import { JobFailure } from '../job-failure.js';
import { type Player, pollFor, sameAddress } from './player.js';

/**
 * Plays `act` and holds the step to its asserted navigations: the page must have moved, and the last
 * of them says where to. Of a chain of redirects the Recorder notes each; the ones between may pass
 * too fast to be seen. An empty title is what the Recorder writes when the page had none yet.
 */
export async function awaitNavigation(
  player: Player,
  step: Step,
  page: Page,
  options: { readonly timeoutMs: number; readonly act: () => Promise<void> },
): Promise<void> {
  const asserted = step.assertedEvents ?? [];
  const last = asserted.at(-1);
  if (last === undefined) return options.act();
  let moved = false;
  const onMoved = (frame: { parentFrame(): unknown }) => {
    if (frame.parentFrame() === null) moved = true;
  };
  page.on('framenavigated', onMoved);
  try {
    await options.act();
    const fits = await pollFor(player, options.timeoutMs, async () => {
      if (!moved) return undefined;
      if (last.url && !sameAddress(page.url(), last.url)) return undefined;
      if (last.title && (await page.title()) !== last.title) return undefined;
      return true;
    });
    if (!fits) throw await notAsserted(page, last, moved);
  } finally {
    page.off('framenavigated', onMoved);
  }
}

async function notAsserted(
  page: Page,
  wanted: { url?: string | undefined; title?: string | undefined },
  moved: boolean,
): Promise<JobFailure> {
  if (!moved)
    return new JobFailure('ASSERTION_FAILED', 'The step should lead to another page, and did not.');
  if (wanted.url && !sameAddress(page.url(), wanted.url))
    return new JobFailure(
      'ASSERTION_FAILED',
      `The page should have the address ${wanted.url}, and has ${page.url()}.`,
    );
  const title = await page.title().catch(() => '');
  return new JobFailure(
    'ASSERTION_FAILED',
    `The page should have the title ${JSON.stringify(wanted.title)}, and has ${JSON.stringify(title)}.`,
  );
}
