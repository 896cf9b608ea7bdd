import type { StepOf } from '#libs/flow';
import { JobFailure } from '../job-failure.js';
import { locatorOf, shown } from './locate.js';
import { frameOf, type Player, pollFor } from './player.js';

interface Asked {
  readonly visible: boolean | undefined;
  readonly attributes: readonly (readonly [string, string | number | boolean])[];
  readonly properties: readonly (readonly [string, string | number | boolean])[];
}

/** As much of an element as is looked at within the page. */
interface PageElement {
  checkVisibility(options: { visibilityProperty: boolean }): boolean;
  getAttribute(name: string): string | null;
}

/** Runs in the page: how many of the elements are as asked. Must stand on its own. */
function countFitting(elements: readonly PageElement[], asked: Asked): number {
  return elements.filter(
    (element) =>
      (asked.visible === undefined ||
        element.checkVisibility({ visibilityProperty: true }) === asked.visible) &&
      asked.attributes.every(([name, value]) => element.getAttribute(name) === String(value)) &&
      asked.properties.every(
        ([name, value]) => (element as unknown as Record<string, unknown>)[name] === value,
      ),
  ).length;
}

/** Waits until the number of fitting elements is as the step asks. */
export async function waitForElement(
  player: Player,
  step: StepOf<'waitForElement'>,
  timeoutMs: number,
): Promise<void> {
  const frame = await frameOf(player, step, timeoutMs);
  const operator = step.operator ?? '>=';
  const wanted = step.count ?? 1;
  const fits = (count: number) =>
    operator === '>=' ? count >= wanted : operator === '<=' ? count <= wanted : count === wanted;
  const asked: Asked = {
    visible: step.visible,
    attributes: Object.entries(step.attributes ?? {}),
    properties: Object.entries(step.properties ?? {}),
  };
  const candidates = step.selectors.map((alternative) => locatorOf(frame, alternative));
  // "None" must hold by every selector: an outdated one finds nothing whatever the page shows.
  const all = fits(0);
  let counts: number[] = [];
  const held = await pollFor(player, timeoutMs, async () => {
    counts = [];
    for (const candidate of candidates) {
      const elements = candidate as unknown as {
        evaluateAll(run: typeof countFitting, asked: Asked): Promise<number>;
      };
      counts.push(await elements.evaluateAll(countFitting, asked));
      if (!all && fits(counts.at(-1) ?? 0)) return true;
    }
    return all && counts.every(fits) ? true : undefined;
  });
  if (held) return;
  throw new JobFailure(
    'WAIT_FAILED',
    `After ${timeoutMs} ms there should be ${operator} ${wanted} fitting elements; found were ${step.selectors
      .map((alternative, at) => `${counts[at] ?? 0} by ${shown(alternative)}`)
      .join(', ')}.`,
  );
}
