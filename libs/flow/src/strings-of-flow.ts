import type { Alternative, Flow, Step } from './flow.js';

/** What a string of a flow is to the browser: decides which checks hold for it. */
export type StringRole = 'url' | 'selector' | 'text';

/** Gives the string that takes another's place. */
export type Rewrite = (text: string, path: string, role: StringRole) => string;

/**
 * Walks every string of a flow that templates may stand in, and returns the flow with the strings
 * rewritten. The one list of such places: validation and filling both go through it. Left out with
 * a purpose: expressions (a parameter must never become code), keys, and names of extracted values.
 */
export function rewriteStrings(flow: Flow, rewrite: Rewrite): Flow {
  return {
    ...flow,
    steps: flow.steps.map((step, at) => rewriteStep(step, `steps[${at}]`, rewrite)),
  };
}

function rewriteStep(step: Step, path: string, rewrite: Rewrite): Step {
  const base = {
    ...(step.assertedEvents && {
      assertedEvents: step.assertedEvents.map((event, at) => ({
        ...event,
        ...mapped(event.url, (url) => ({
          url: rewrite(url, `${path}.assertedEvents[${at}].url`, 'text'),
        })),
        ...mapped(event.title, (title) => ({
          title: rewrite(title, `${path}.assertedEvents[${at}].title`, 'text'),
        })),
      })),
    }),
  };
  switch (step.type) {
    case 'navigate':
      return { ...step, ...base, url: rewrite(step.url, `${path}.url`, 'url') };
    case 'change':
      return {
        ...step,
        ...base,
        selectors: alternatives(step.selectors, path, rewrite),
        value: rewrite(step.value, `${path}.value`, 'text'),
      };
    case 'click':
    case 'doubleClick':
    case 'hover':
      return { ...step, ...base, selectors: alternatives(step.selectors, path, rewrite) };
    case 'scroll':
      return {
        ...step,
        ...base,
        ...mapped(step.selectors, (all) => ({ selectors: alternatives(all, path, rewrite) })),
      };
    case 'waitForElement':
      return {
        ...step,
        ...base,
        selectors: alternatives(step.selectors, path, rewrite),
        ...mapped(step.attributes, (all) => ({
          attributes: Object.fromEntries(
            Object.entries(all).map(([name, value]) => [
              name,
              typeof value === 'string'
                ? rewrite(value, `${path}.attributes.${name}`, 'text')
                : value,
            ]),
          ),
        })),
      };
    case 'customStep':
      return {
        ...step,
        ...base,
        parameters: {
          ...step.parameters,
          selector: rewrite(step.parameters.selector, `${path}.parameters.selector`, 'selector'),
        },
      };
    case 'keyDown':
    case 'keyUp':
    case 'waitForExpression':
    case 'setViewport':
    case 'emulateNetworkConditions':
    case 'close':
      return { ...step, ...base };
  }
}

function alternatives(all: readonly Alternative[], path: string, rewrite: Rewrite): Alternative[] {
  return all.map((one, at) => {
    const here = `${path}.selectors[${at}]`;
    return typeof one === 'string'
      ? rewrite(one, here, 'selector')
      : one.map((link, deep) => rewrite(link, `${here}[${deep}]`, 'selector'));
  });
}

/** Spreads nothing for an absent value, so that no key with `undefined` comes into being. */
function mapped<T, R extends object>(value: T | undefined, map: (value: T) => R): R | undefined {
  return value === undefined ? undefined : map(value);
}
