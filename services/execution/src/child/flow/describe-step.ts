import type { Step } from '#libs/flow';
import { shown } from './locate.js';

/** The step in a few words for the log. What is typed is never said: it may be a password. */
export function describeStep(step: Step): string {
  switch (step.type) {
    case 'navigate':
      return `navigate to ${step.url.split(/[?#]/)[0]}`;
    case 'click':
      return `click ${first(step.selectors)}`;
    case 'doubleClick':
      return `double-click ${first(step.selectors)}`;
    case 'hover':
      return `hover over ${first(step.selectors)}`;
    case 'change':
      return `change ${first(step.selectors)}`;
    case 'keyDown':
      return step.key.length > 1 ? `press ${step.key}` : 'press a key';
    case 'keyUp':
      return step.key.length > 1 ? `release ${step.key}` : 'release a key';
    case 'scroll':
      return step.selectors
        ? `scroll ${first(step.selectors)}`
        : `scroll to ${step.x ?? 0}, ${step.y ?? 0}`;
    case 'waitForElement':
      return `wait for ${first(step.selectors)}`;
    case 'waitForExpression':
      return 'wait for an expression';
    case 'setViewport':
      return `set viewport to ${step.width} x ${step.height}`;
    case 'emulateNetworkConditions':
      return 'emulate network conditions';
    case 'close':
      return 'close page';
    case 'customStep':
      return `extract ${step.parameters.name} from ${step.parameters.selector}`;
  }
}

function first(selectors: readonly (string | string[])[]): string {
  const [one] = selectors;
  return one === undefined ? '' : shown(one);
}
