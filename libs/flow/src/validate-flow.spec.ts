import { describe, expect, test } from '@jest/globals';
import { FLOW_LIMITS } from './limits.js';
import { fillFlow, namesUsed, parseFlow, validateFlow } from './validate-flow.js';

/** As the Recorder of Chrome 130 exports it. */
const recorded = {
  title: 'Sign in',
  selectorAttribute: 'data-testid',
  steps: [
    {
      type: 'setViewport',
      width: 1280,
      height: 800,
      deviceScaleFactor: 1,
      isMobile: false,
      hasTouch: false,
      isLandscape: false,
    },
    {
      type: 'navigate',
      url: 'https://example.com/{{site}}',
      assertedEvents: [{ type: 'navigation', url: 'https://example.com/', title: '' }],
    },
    {
      type: 'click',
      target: 'main',
      selectors: [['aria/User'], ['#user'], ['xpath///*[@id="user"]'], ['pierce/#user']],
      offsetX: 12.5,
      offsetY: 3,
    },
    { type: 'change', target: 'main', value: '{{ user.name }}', selectors: [['#user']] },
    { type: 'keyDown', target: 'main', key: 'Enter' },
    { type: 'keyUp', target: 'main', key: 'Enter' },
    { type: 'scroll', target: 'main', x: 0, y: 120 },
    {
      type: 'waitForElement',
      selectors: ['text/Welcome'],
      count: 1,
      operator: '>=',
      visible: true,
    },
    {
      type: 'customStep',
      name: 'extract',
      parameters: { name: 'total', selector: '#total', attribute: 'data-{{slot.local}}' },
    },
    { type: 'close' },
  ],
};
const scope = {
  parameters: { site: 'shop', user: { name: 'Ada' } },
  slot: { local: '2026-03-29T09:00:00', nominal: '2026-03-29T07:00:00Z', zone: 'Europe/Berlin' },
};
const withStep = (step: object) => ({ title: 't', steps: [step] });
const problems = (input: unknown) => {
  const result = validateFlow(input);
  return result.ok ? [] : result.problems;
};

describe('validateFlow', () => {
  test('accepts what the Recorder exports, and keeps it as it is', () => {
    expect(validateFlow(recorded)).toEqual({ ok: true, flow: recorded });
    expect(parseFlow(JSON.stringify(recorded)).ok).toBe(true);
  });

  test.each([
    ['an unknown type of step', { type: 'tap' }, 'steps[0].type', /"tap" is not a type of step/],
    ['a step without a type', { url: 'https://x.test' }, 'steps[0].type', /no type/],
    ['a missing field', { type: 'navigate' }, 'steps[0].url', /missing/],
    ['a wrong type', { type: 'keyDown', key: 7 }, 'steps[0].key', /7 is not of type string/],
    [
      'a misspelt field',
      { type: 'click', selectors: ['#a'], offsetZ: 1 },
      'steps[0].offsetZ',
      /no field "offsetZ"/,
    ],
    [
      'a custom step of somebody else, by its name',
      { type: 'customStep', name: 'lighthouse', parameters: { mode: 'fast' } },
      'steps[0].name',
      /"lighthouse" is not one that Carillon runs/,
    ],
    ['an empty list of selectors', { type: 'click', selectors: [] }, 'steps[0].selectors', /least/],
    [
      'a selector without a target',
      { type: 'hover', selectors: [['#a', 'aria/']] },
      'steps[0].selectors[0][1]',
      /neither a name nor a role/,
    ],
    [
      'a local file',
      { type: 'navigate', url: 'file:///etc/passwd' },
      'steps[0].url',
      /not an address/,
    ],
    [
      'code as address',
      { type: 'navigate', url: 'javascript:1' },
      'steps[0].url',
      /not an address/,
    ],
    [
      'an open template',
      { type: 'navigate', url: 'https://x/{{a' },
      'steps[0].url',
      /never closed/,
    ],
    [
      'a template that is an expression',
      { type: 'change', selectors: ['#a'], value: '{{a + 1}}' },
      'steps[0].value',
      /not a name/,
    ],
    [
      'an unknown part of the slot',
      { type: 'change', selectors: ['#a'], value: '{{slot.id}}' },
      'steps[0].value',
      /slot has no "id"/,
    ],
    ['a time-out beyond the limit', { type: 'close', timeout: 1e9 }, 'steps[0].timeout', /above/],
  ])('refuses %s, and names the field', (_what, step, path, message) => {
    const found = problems(withStep(step));
    expect(found.map((one) => one.path)).toEqual([path]);
    expect(found[0]?.message).toMatch(message);
    expect(found[0]?.remedy).not.toBe('');
  });

  test('refuses two extracted values of one name', () => {
    const extract = {
      type: 'customStep',
      name: 'extract',
      parameters: { name: 'a', selector: 'p' },
    };
    expect(problems({ title: 't', steps: [extract, extract] })).toMatchObject([
      { path: 'steps[1].parameters.name' },
    ]);
  });

  test.each([[null], [[]], ['flow'], [7], [undefined]])('refuses %j, which is no flow', (input) => {
    expect(problems(input)).toMatchObject([{ path: '' }]);
  });

  test('refuses too many steps without looking at each', () => {
    const steps = Array.from({ length: FLOW_LIMITS.steps + 1 }, () => ({ type: 'nonsense' }));
    expect(problems({ title: 't', steps })).toMatchObject([{ path: 'steps' }]);
  });

  test('refuses a flow that is too large, and text that is no JSON', () => {
    const step = { type: 'change', selectors: ['#a'], value: 'x'.repeat(FLOW_LIMITS.valueChars) };
    const large = { title: 't', steps: Array.from({ length: 20 }, () => step) };
    expect(problems(large)[0]?.message).toMatch(/larger than/);
    expect(parseFlow(JSON.stringify(large))).toMatchObject({ ok: false });
    expect(parseFlow('{')).toMatchObject({ ok: false, problems: [{ message: 'It is not JSON.' }] });
  });

  test('tells all problems at once, up to the limit', () => {
    const steps = Array.from({ length: 100 }, () => ({ type: 'navigate' }));
    expect(problems({ title: 't', steps })).toHaveLength(FLOW_LIMITS.problems);
  });

  test('refuses nesting of any depth without falling over', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(problems({ title: 't', steps: [deep] })).not.toEqual([]);
    expect(problems(withStep({ type: 'click', selectors: deep }))).not.toEqual([]);
  });
});

describe('fillFlow', () => {
  test('puts parameters and slot where templates stand', () => {
    const read = validateFlow(recorded);
    if (!read.ok) throw new Error('the sample is valid');
    expect(namesUsed(read.flow)).toEqual(['parameters.site', 'parameters.user.name']);
    const filled = fillFlow(read.flow, scope);
    if (!filled.ok) throw new Error(JSON.stringify(filled.problems));
    expect(filled.flow.steps[1]).toMatchObject({ url: 'https://example.com/shop' });
    expect(filled.flow.steps[3]).toMatchObject({ value: 'Ada' });
  });

  test('names each template without a value', () => {
    const read = validateFlow(recorded);
    if (!read.ok) throw new Error('the sample is valid');
    expect(fillFlow(read.flow, { ...scope, parameters: {} })).toMatchObject({
      ok: false,
      problems: [
        { path: 'steps[1].url', message: 'There is no "parameters.site".' },
        { path: 'steps[3].value', message: 'There is no "parameters.user.name".' },
      ],
    });
  });

  test('refuses a filled-in address that a flow may not visit', () => {
    const read = validateFlow(withStep({ type: 'navigate', url: '{{where}}' }));
    if (!read.ok) throw new Error('valid while unfilled');
    const where = (url: string) => fillFlow(read.flow, { ...scope, parameters: { where: url } });
    expect(where('https://example.com/').ok).toBe(true);
    expect(where('file:///etc/passwd').ok).toBe(false);
  });

  test('refuses a flow that its parameters make too large', () => {
    const step = { type: 'change', selectors: ['#a'], value: '{{a}}' };
    const read = validateFlow({ title: 't', steps: Array.from({ length: 20 }, () => step) });
    if (!read.ok) throw new Error('valid while unfilled');
    const a = 'x'.repeat(FLOW_LIMITS.filledChars);
    expect(fillFlow(read.flow, { ...scope, parameters: { a } })).toMatchObject({
      problems: [{ path: '', message: expect.stringContaining('larger than') }],
    });
  });

  test('leaves an expression alone: a parameter never becomes code', () => {
    const read = validateFlow(withStep({ type: 'waitForExpression', expression: '`{{site}}`' }));
    if (!read.ok) throw new Error('valid');
    expect(fillFlow(read.flow, scope)).toEqual(read);
  });
});
