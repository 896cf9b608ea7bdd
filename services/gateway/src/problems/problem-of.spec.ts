import { describe, expect, test } from '@jest/globals';
import { shown } from './plain-text.js';
import { invalid, RequestProblem } from './problem.js';
import { problemDocument } from './problem-document.js';
import { problemOf } from './problem-of.js';

describe('an error that nobody expected', () => {
  test('leaves as 500 without a word of what it was', () => {
    const problem = problemOf(new Error('password is hunter2'));
    const told = JSON.stringify(problemDocument(problem, 'id'));
    expect(problem.status).toBe(500);
    expect(told).not.toContain('hunter2');
  });

  test.each([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 503],
    [Object.assign(new Error('terminating connection'), { code: '57P01' }), 503],
    [Object.assign(new Error('too many connections'), { code: '53300' }), 503],
    [new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]), 503],
    [new Error('timeout exceeded when trying to connect'), 503],
    [Object.assign(new Error('no such column'), { code: '42703' }), 500],
    ['thrown text', 500],
    [undefined, 500],
  ])('%s is %i: an outage or a bug', (error, status) => {
    expect(problemOf(error).status).toBe(status);
  });
});

test('a problem keeps its own code, and its faults are told in its document', () => {
  const fault = { path: '/name', code: 'missing', message: 'It is missing.' };
  expect(problemDocument(problemOf(invalid([fault])), 'abc')).toEqual({
    type: 'urn:carillon:problem:invalid-request',
    title: 'The request is not valid',
    status: 400,
    detail: 'It is missing.',
    code: 'invalid-request',
    instance: 'urn:uuid:abc',
    errors: [fault],
  });
  expect(problemOf(new RequestProblem('rejected', 'No.', { code: 'execution-ended' })).code).toBe(
    'execution-ended',
  );
});

test("a caller's text is short, on one line and without tricks when it comes back", () => {
  expect(shown('a\nb\u202e`c`\ud800')).toBe('a?b??c?\ufffd');
  expect(shown('x'.repeat(500))).toHaveLength(80);
});
