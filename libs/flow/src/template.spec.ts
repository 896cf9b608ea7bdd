import { describe, expect, test } from '@jest/globals';
import { FLOW_LIMITS } from './limits.js';
import { parseSelector } from './selector.js';
import { fillTemplate, templateNames } from './template.js';

const scope = {
  parameters: { a: 'x', n: 0, yes: true, deep: { b: [1, 'two'] }, none: null, slot: 'mine' },
  slot: { local: '2026-01-01T09:00:00', nominal: '2026-01-01T08:00:00Z', zone: 'Europe/Berlin' },
};

describe('fillTemplate', () => {
  test.each([
    ['no template', 'no template'],
    ['{{a}}', 'x'],
    ['{{ parameters.a }}-{{n}}-{{yes}}', 'x-0-true'],
    ['{{deep.b.1}}', 'two'],
    ['{{slot.local}} {{slot.zone}}', '2026-01-01T09:00:00 Europe/Berlin'],
    ['{{slot}}', 'mine'],
    ['\\{{a}} {{a}}', '{{a}} x'],
    ['}} {a} {{a}}}', '}} {a} x}'],
    ['', ''],
  ])('%j becomes %j', (text, filled) => {
    expect(fillTemplate(text, scope)).toBe(filled);
  });

  test.each([
    ['{{b}}', 'unknown-name'],
    ['{{parameters.b}}', 'unknown-name'],
    ['{{a.length}}', 'unknown-name'],
    ['{{toString}}', 'unknown-name'],
    ['{{constructor}}', 'bad-name'],
    ['{{parameters.__proto__.x}}', 'bad-name'],
    ['{{}}', 'bad-name'],
    ['{{a b}}', 'bad-name'],
    ['{{slot.nominal.x}}', 'unknown-name'],
    ['{{a', 'unclosed'],
    ['{{deep}}', 'not-a-scalar'],
    ['{{none}}', 'not-a-scalar'],
  ])('%j is refused as %s', (text, code) => {
    expect(fillTemplate(text, scope)).toMatchObject({ code });
  });

  test('a value is never read as a template again', () => {
    expect(fillTemplate('{{a}}', { ...scope, parameters: { a: '{{b}}' } })).toBe('{{b}}');
  });

  test('the result is bounded', () => {
    const long = { ...scope, parameters: { a: 'x'.repeat(FLOW_LIMITS.filledChars) } };
    expect(fillTemplate('{{a}}', long)).toHaveLength(FLOW_LIMITS.filledChars);
    expect(fillTemplate('{{a}}!', long)).toMatchObject({ code: 'too-long' });
  });

  test('names are told in full', () => {
    expect(templateNames('{{a}} {{parameters.b}} {{slot.local}} \\{{c}}')).toEqual([
      'parameters.a',
      'parameters.b',
      'slot.local',
    ]);
  });
});

describe('parseSelector', () => {
  test.each([
    ['#a > b', { kind: 'css', css: '#a > b' }],
    ['aria/Save', { kind: 'aria', name: 'Save', role: undefined }],
    ['aria/Save[role="button"]', { kind: 'aria', name: 'Save', role: 'button' }],
    ['aria/[role="main"]', { kind: 'aria', name: '', role: 'main' }],
    ['aria/[name="A"][role="link"]', { kind: 'aria', name: 'A', role: 'link' }],
    ['aria/[role="link"][name="A"]', { kind: 'aria', name: 'A', role: 'link' }],
    ['text/Sign in / up', { kind: 'text', text: 'Sign in / up' }],
    ['xpath///*[@id="a"]', { kind: 'xpath', xpath: '//*[@id="a"]' }],
    ['pierce/#a', { kind: 'pierce', css: '#a' }],
    ['a[href="text/plain"]', { kind: 'css', css: 'a[href="text/plain"]' }],
  ])('%j', (written, selector) => {
    expect(parseSelector(written)).toEqual(selector);
  });

  test.each(['', ' ', 'aria/', 'text/ ', 'xpath/', 'pierce/', 'aria/A[level="1"]'])(
    '%j is none',
    (written) => {
      expect(typeof parseSelector(written)).toBe('string');
    },
  );
});
