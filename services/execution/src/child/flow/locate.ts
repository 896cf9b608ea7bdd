import type { Frame, Locator } from 'playwright-core';
import { type Alternative, parseSelector, type Selector } from '#libs/flow';
import { JobFailure } from '../job-failure.js';
import { type Player, pollFor } from './player.js';

type Role = Parameters<Frame['getByRole']>[0];

/** Roles that a name alone may mean, as in `aria/Save`: what is pressed, filled in, or read. */
const NAMED_ROLES: readonly Role[] = [
  'button',
  'link',
  'textbox',
  'searchbox',
  'combobox',
  'checkbox',
  'radio',
  'switch',
  'option',
  'tab',
  'menuitem',
  'menuitemcheckbox',
  'menuitemradio',
  'slider',
  'spinbutton',
  'listbox',
  'treeitem',
  'gridcell',
  'cell',
  'row',
  'heading',
  'img',
  'dialog',
  'region',
  'navigation',
  'form',
  'table',
  'listitem',
  'article',
  'progressbar',
  'status',
  'alert',
];

/** The locator of one alternative; of a chain, each link looks within the one before. */
export function locatorOf(frame: Frame, alternative: Alternative): Locator {
  const links = typeof alternative === 'string' ? [alternative] : alternative;
  let scope: Frame | Locator = frame;
  let found: Locator | undefined;
  for (const link of links) {
    const selector = parseSelector(link);
    if (typeof selector === 'string')
      throw new JobFailure('FLOW_INVALID', `${link}: ${selector}`, { final: true });
    found = within(scope, selector);
    scope = found;
  }
  if (found === undefined) throw new JobFailure('FLOW_INVALID', 'no selector', { final: true });
  return found;
}

function within(scope: Frame | Locator, selector: Selector): Locator {
  switch (selector.kind) {
    // Playwright's CSS looks into open shadow roots by itself, so `pierce/` is the same.
    case 'css':
    case 'pierce':
      return scope.locator(`css=${selector.css}`);
    case 'xpath':
      return scope.locator(`xpath=${selector.xpath}`);
    case 'text':
      return scope.getByText(selector.text);
    case 'aria': {
      const { name, role } = selector;
      if (role !== undefined)
        return scope.getByRole(role as Role, name === '' ? {} : { name, exact: true });
      return NAMED_ROLES.map((one) => scope.getByRole(one, { name, exact: true }))
        .reduce((all, one) => all.or(one))
        .or(scope.getByText(name, { exact: true }))
        .or(scope.getByLabel(name, { exact: true }));
    }
  }
}

/** The first element of the first alternative that has a visible one; alternatives in their order. */
export async function locate(
  player: Player,
  frame: Frame,
  alternatives: readonly Alternative[],
  options: { readonly timeoutMs: number; readonly visible: boolean },
): Promise<Locator> {
  const candidates = alternatives.map((alternative) => locatorOf(frame, alternative));
  const found = await pollFor(player, options.timeoutMs, async () => {
    for (const candidate of candidates) {
      // Of several elements the first *visible* one is meant: pages keep hidden copies.
      const wanted = options.visible ? candidate.filter({ visible: true }) : candidate;
      if ((await wanted.count()) > 0) return wanted.first();
    }
    return undefined;
  });
  if (found !== undefined) return found;
  throw new JobFailure(
    'ELEMENT_NOT_FOUND',
    `No ${options.visible ? 'visible ' : ''}element was found within ${options.timeoutMs} ms by ${alternatives
      .map(shown)
      .join(', or ')}.`,
  );
}

export const shown = (alternative: Alternative): string =>
  typeof alternative === 'string' ? alternative : alternative.join(' >> ');
