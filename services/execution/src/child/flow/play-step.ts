import type { Locator, Page } from 'playwright-core';
import type { Step, StepOf } from '#libs/flow';
import { JobFailure } from '../job-failure.js';
import { awaitNavigation } from './await-navigation.js';
import { locate } from './locate.js';
import { frameOf, isGone, type Player, pageOf, pollFor, timeoutOf } from './player.js';
import { waitForElement } from './wait-for-element.js';

/** Of one extracted value. */
const VALUE_CHARS_MAX = 16_384;

/** Plays one step to its end, with its assertions. Throws JobFailure. */
export async function playStep(player: Player, step: Step): Promise<void> {
  const timeoutMs = timeoutOf(player, step);
  try {
    const page = await pageOf(player, step, timeoutMs);
    await awaitNavigation(player, step, page, {
      timeoutMs,
      act: () => act(player, step, page, timeoutMs),
    });
  } catch (error) {
    throw stepFailure(error, step, timeoutMs, player.signal);
  }
}

async function act(player: Player, step: Step, page: Page, timeoutMs: number): Promise<void> {
  switch (step.type) {
    case 'navigate':
      return navigate(player, step, page, timeoutMs);
    case 'click':
    case 'doubleClick':
      return click(step, await visible(player, step, timeoutMs), timeoutMs);
    case 'hover':
      return (await visible(player, step, timeoutMs)).hover({ timeout: timeoutMs });
    case 'change':
      return change(step, await visible(player, step, timeoutMs), timeoutMs);
    case 'keyDown':
      return page.keyboard.down(step.key);
    case 'keyUp':
      return page.keyboard.up(step.key);
    case 'scroll':
      return scroll(player, step, page, timeoutMs);
    case 'waitForElement':
      return waitForElement(player, step, timeoutMs);
    case 'waitForExpression':
      return waitForExpression(player, step, timeoutMs);
    case 'setViewport':
      return page.setViewportSize({ width: step.width, height: step.height });
    case 'emulateNetworkConditions':
      return emulateNetwork(player, step, page);
    case 'close':
      return page.close();
    case 'customStep':
      return extract(player, step, timeoutMs);
  }
}

async function visible(
  player: Player,
  step: StepOf<'click' | 'doubleClick' | 'hover' | 'change'>,
  timeoutMs: number,
): Promise<Locator> {
  const frame = await frameOf(player, step, timeoutMs);
  return locate(player, frame, step.selectors, { timeoutMs, visible: true });
}

async function navigate(
  player: Player,
  step: StepOf<'navigate'>,
  page: Page,
  timeoutMs: number,
): Promise<void> {
  const answer = await page.goto(step.url, { waitUntil: 'load', timeout: timeoutMs });
  const status = answer?.status() ?? 0;
  // An error page may be what the flow is about; whoever wants to fail here asserts its title.
  if (status >= 400)
    player.channel.log('warn', `The page answered with status ${status}.`, { status });
}

const BUTTONS = { primary: 'left', auxiliary: 'middle', secondary: 'right' } as const;

async function click(
  step: StepOf<'click' | 'doubleClick'>,
  element: Locator,
  timeoutMs: number,
): Promise<void> {
  const options = {
    button: BUTTONS[step.button ?? 'primary'],
    timeout: timeoutMs,
    ...(await positionWithin(step, element, timeoutMs)),
  };
  if (step.type === 'doubleClick') return element.dblclick(options);
  return element.click({
    ...options,
    ...(step.duration !== undefined && { delay: step.duration }),
  });
}

/** The recorded point, unless the element has become smaller since: then its middle. */
async function positionWithin(
  step: StepOf<'click' | 'doubleClick'>,
  element: Locator,
  timeoutMs: number,
): Promise<{ position: { x: number; y: number } } | undefined> {
  const { offsetX: x, offsetY: y } = step;
  if (x === undefined || y === undefined) return undefined;
  const box = await element.boundingBox({ timeout: timeoutMs });
  const within = box !== null && x >= 0 && y >= 0 && x < box.width && y < box.height;
  return within ? { position: { x, y } } : undefined;
}

/** As much of a form field as is looked at within the page. */
interface Field {
  readonly tagName: string;
  readonly type?: string;
  readonly value?: string;
}

async function fieldOf(element: Locator, timeoutMs: number): Promise<Field> {
  return element.evaluate(
    (it) => {
      const field = it as unknown as Field;
      return {
        tagName: field.tagName.toLowerCase(),
        type: field.type ?? '',
        ...(typeof field.value === 'string' && { value: field.value }),
      };
    },
    undefined,
    { timeout: timeoutMs },
  );
}

async function change(step: StepOf<'change'>, element: Locator, timeoutMs: number): Promise<void> {
  const field = await fieldOf(element, timeoutMs);
  if (field.tagName === 'select') {
    await element.selectOption(step.value, { timeout: timeoutMs });
    return;
  }
  switch (field.type) {
    case 'file':
      throw new JobFailure('INPUT_UNSUPPORTED', 'A flow can give no file to a page.', {
        final: true,
      });
    case 'checkbox':
    case 'radio':
      return element.setChecked(step.value === 'true' || step.value === 'on', {
        timeout: timeoutMs,
      });
    default:
      return element.fill(step.value, { timeout: timeoutMs });
  }
}

/** As much of a window or element as is called within the page. */
interface Scrollable {
  scrollTo(x: number, y: number): void;
}

async function scroll(
  player: Player,
  step: StepOf<'scroll'>,
  page: Page,
  timeoutMs: number,
): Promise<void> {
  const at = { x: step.x ?? 0, y: step.y ?? 0 };
  if (step.selectors === undefined) {
    const frame = await frameOf(player, step, timeoutMs);
    await frame.evaluate(({ x, y }) => (globalThis as unknown as Scrollable).scrollTo(x, y), at);
    return;
  }
  const frame = await frameOf(player, step, timeoutMs);
  const element = await locate(player, frame, step.selectors, { timeoutMs, visible: false });
  await element.scrollIntoViewIfNeeded({ timeout: timeoutMs });
  await element.evaluate((it, { x, y }) => (it as unknown as Scrollable).scrollTo(x, y), at);
  // What a page loads when it is scrolled to belongs to the step.
  await page.waitForLoadState('load', { timeout: timeoutMs });
}

async function waitForExpression(
  player: Player,
  step: StepOf<'waitForExpression'>,
  timeoutMs: number,
): Promise<void> {
  const frame = await frameOf(player, step, timeoutMs);
  const held = await pollFor(player, timeoutMs, async () =>
    (await frame.evaluate<unknown>(step.expression)) ? true : undefined,
  );
  if (!held)
    throw new JobFailure('WAIT_FAILED', `The expression was not true within ${timeoutMs} ms.`);
}

async function emulateNetwork(
  player: Player,
  step: StepOf<'emulateNetworkConditions'>,
  page: Page,
): Promise<void> {
  const session = await player.context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    downloadThroughput: step.download,
    uploadThroughput: step.upload,
    latency: step.latency,
  });
}

async function extract(
  player: Player,
  step: StepOf<'customStep'>,
  timeoutMs: number,
): Promise<void> {
  const { name, selector, attribute } = step.parameters;
  const frame = await frameOf(player, step, timeoutMs);
  const element = await locate(player, frame, [selector], { timeoutMs, visible: false });
  const value = await readValue(element, attribute, timeoutMs);
  if (value === null)
    throw new JobFailure('VALUE_NOT_FOUND', `${selector} has no attribute "${attribute}".`);
  player.channel.send({ type: 'output', name, value: value.slice(0, VALUE_CHARS_MAX) });
}

async function readValue(
  element: Locator,
  attribute: string | undefined,
  timeoutMs: number,
): Promise<string | null> {
  if (attribute !== undefined) return element.getAttribute(attribute, { timeout: timeoutMs });
  const field = await fieldOf(element, timeoutMs);
  if (['input', 'textarea', 'select'].includes(field.tagName)) return field.value ?? '';
  return (await element.innerText({ timeout: timeoutMs })).trim();
}

function stepFailure(
  error: unknown,
  step: Step,
  timeoutMs: number,
  signal: AbortSignal,
): JobFailure {
  if (signal.aborted) return new JobFailure('STOPPED', 'It was stopped.', { cause: error });
  if (error instanceof JobFailure) return error;
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const options = { cause: error };
  if (/crashed/i.test(said)) return new JobFailure('PAGE_CRASHED', said, options);
  if (isGone(error)) return new JobFailure('PAGE_CLOSED', said, options);
  if (error instanceof Error && error.name === 'TimeoutError')
    return step.type === 'navigate'
      ? new JobFailure('NAVIGATION_TIMED_OUT', `The page did not load in ${timeoutMs} ms.`, options)
      : new JobFailure(
          'ELEMENT_NOT_READY',
          `The element was found, but could not be used within ${timeoutMs} ms: ${said}`,
          options,
        );
  if (step.type === 'navigate') return new JobFailure('NAVIGATION_FAILED', said, options);
  return new JobFailure('STEP_FAILED', said, options);
}
