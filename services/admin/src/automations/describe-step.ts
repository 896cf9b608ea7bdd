/** One step of a flow in words; for people who look whether it is the right recording. */
import type { Step } from '#libs/flow';
import { messages } from './messages.js';

export interface StepText {
  verb: string;
  object: string;
  note: string;
}

const verbs: Record<Step['type'], string> = {
  navigate: 'Go to',
  click: 'Click',
  doubleClick: 'Double-click',
  hover: 'Point at',
  change: 'Fill in',
  keyDown: 'Press',
  keyUp: 'Release',
  scroll: 'Scroll',
  waitForElement: 'Wait for',
  waitForExpression: 'Wait until',
  setViewport: 'Set the window to',
  emulateNetworkConditions: 'Limit the network',
  close: 'Close the page',
  customStep: 'Extract',
};

type Selectors = readonly (string | readonly string[])[];

/** The first way to find an element is the one that is tried first. */
function elementOf(selectors: Selectors | undefined): string {
  const [first] = selectors ?? [];
  if (first === undefined) return '';
  return typeof first === 'string' ? first : first.join(' → ');
}

function objectOf(step: Step): string {
  switch (step.type) {
    case 'navigate':
      return step.url;
    case 'change':
      return `${elementOf(step.selectors)} = ${step.value}`;
    case 'keyDown':
    case 'keyUp':
      return step.key;
    case 'waitForExpression':
      return step.expression;
    case 'setViewport':
      return `${step.width} × ${step.height}`;
    case 'customStep':
      return `${step.parameters.name} = ${step.parameters.selector}`;
    case 'close':
    case 'emulateNetworkConditions':
      return '';
    case 'scroll':
      return step.selectors ? elementOf(step.selectors) : `${step.x ?? 0}, ${step.y ?? 0}`;
    default:
      return elementOf(step.selectors);
  }
}

export function describeStep(step: Step): StepText {
  const [asserted] = step.assertedEvents ?? [];
  return {
    verb: verbs[step.type],
    object: objectOf(step),
    note: asserted ? messages.asserts(asserted.url || asserted.title || messages.waits) : '',
  };
}
