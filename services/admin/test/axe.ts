import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, type Page } from 'playwright/test';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  id: string;
  nodes: { html: string }[];
}

interface Axe {
  run: (page: Document, options: object) => Promise<{ violations: Violation[] }>;
}

/** Nothing on the page, as it is now, breaks a rule of WCAG 2.2 AA that a machine can see. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  // What is still fading in has no contrast yet.
  await page.evaluate(async () => {
    const ends = ({ effect }: Animation): boolean => effect?.getTiming().iterations !== Infinity;
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(ends)
        .map((each) => each.finished),
    );
  });
  const violations = await page.evaluate(async (rules) => {
    const axe = (globalThis as unknown as { axe: Axe }).axe;
    const result = await axe.run(document, { runOnly: rules });
    return result.violations;
  }, RULES);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
  expect(told).toEqual([]);
}
