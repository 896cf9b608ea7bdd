import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SystemClock } from '#libs/clock';
import { type Flow, validateFlow } from '#libs/flow';
import { eventually, removeFolder, temporaryFolder, testChromium } from '#libs/testing';
import type { FromChild } from './child/protocol.js';
import { AttemptProcess } from './children/attempt-process.js';
import { treeMembers } from './children/process-tree.js';
import { conductJob, type JobEnd } from './conduct-job.js';

const PNG = '89504e470d0a1a0a';
const clock = new SystemClock();
let server: Server;
let address: string;
let scratch: string;
let child: AttemptProcess;
let heard: FromChild[];
let picture: Buffer | undefined;

const shop = `<!doctype html><title>Shop</title>
<h1>Welcome</h1>
<form onsubmit="event.preventDefault(); document.title='Done';
  document.querySelector('#total').textContent = document.querySelector('#user').value + ' ' +
    document.querySelector('#size').value + ' ' + document.querySelector('#gift').checked;
  setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<p class=late data-n=7>late</p>'), 100)">
  <label>User <input id="user"></label>
  <select id="size"><option value="s">S</option><option value="l">Large</option></select>
  <input id="gift" type="checkbox">
  <button style="display:none">Buy</button>
  <button aria-label="Buy now" id="buy">Buy</button>
</form>
<p id="total"></p>
<a href="/next?x=1" id="next">Next</a>
<a href="/next" target="_blank" id="popup">Popup</a>
<div style="height:3000px"></div>
<my-card></my-card>
<iframe srcdoc="<b id=inner>framed</b>"></iframe>
<script>
  customElements.define('my-card', class extends HTMLElement {
    connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<i id="deep">shadow</i>'; }
  });
  document.addEventListener('keydown', (e) => { document.body.dataset.key = e.key; });
  console.error('a complaint');
</script>`;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html');
    if (request.url?.startsWith('/next')) response.end('<title>Next page</title><p>next</p>');
    else if (request.url === '/503') response.writeHead(503).end('<title>Sorry</title>');
    else response.end(shop);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(async () => {
  heard = [];
  scratch = await temporaryFolder('flow');
  child = new AttemptProcess({ scratch, heapMb: 256, clock });
});

afterEach(async () => {
  await child.endTree({ graceMs: 0 });
  expect(treeMembers(child.mark)).toEqual([]);
  await removeFolder(scratch);
});

function start(steps: readonly object[], timeoutMs = 25_000) {
  const read = validateFlow({ title: 'test', timeout: 3_000, steps });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return conductJob({
    child,
    clock,
    timeoutMs,
    stopGraceMs: 5_000,
    job: {
      kind: 'flow',
      flow: read.flow as Flow,
      browser: {
        executablePath: testChromium ?? '',
        sandbox: process.getuid?.() !== 0,
      },
    },
    onMessage: (message) => {
      heard.push(message);
      if (message.type === 'artifact') void readFile(message.file).then((it) => (picture = it));
    },
    onPrinted: (line) =>
      heard.push({ type: 'log', id: 0, line: { atMs: 0, level: 'warn', message: line } }),
  });
}

const failureOf = (end: JobEnd) => (end.kind === 'ended' ? end.message.failure : end);
const outputs = () =>
  Object.fromEntries(
    heard.flatMap((one) => (one.type === 'output' ? [[one.name, one.value]] : [])),
  );
const said = () => heard.flatMap((one) => (one.type === 'log' ? [one.line.message] : []));
const artifacts = () => heard.flatMap((one) => (one.type === 'artifact' ? [one.name] : []));
const extract = (name: string, selector: string, more: object = {}) => ({
  type: 'customStep',
  name: 'extract',
  parameters: { name, selector, ...more },
});
const home = () => ({ type: 'navigate', url: `${address}/` });

const withBrowser = testChromium === undefined ? describe.skip : describe;

withBrowser('a flow in a real browser', () => {
  test('is played step by step, extracts values, and leaves a picture', async () => {
    const { end } = start([
      {
        type: 'setViewport',
        width: 900,
        height: 600,
        deviceScaleFactor: 1,
        isMobile: false,
        hasTouch: false,
        isLandscape: false,
      },
      { ...home(), assertedEvents: [{ type: 'navigation', url: `${address}/`, title: 'Shop' }] },
      { type: 'change', selectors: [['#gone'], ['aria/User']], value: 'Ada' },
      { type: 'change', selectors: ['#size'], value: 'l' },
      { type: 'change', selectors: ['#gift'], value: 'true' },
      { type: 'click', selectors: [['aria/Buy now'], ['#buy']], offsetX: 3, offsetY: 3 },
      { type: 'waitForElement', selectors: ['.late'], count: 1, attributes: { 'data-n': '7' } },
      { type: 'waitForExpression', expression: "document.title === 'Done'" },
      { type: 'keyDown', key: 'a' },
      { type: 'keyUp', key: 'a' },
      { type: 'scroll', x: 0, y: 500 },
      { type: 'waitForExpression', expression: 'scrollY === 500' },
      { type: 'hover', selectors: ['text/Welcome'] },
      { type: 'doubleClick', selectors: ['xpath///h1'] },
      extract('total', '#total'),
      extract('user', '#user'),
      extract('late', '.late', { attribute: 'data-n' }),
      extract('key', 'body', { attribute: 'data-key' }),
      extract('deep', 'pierce/#deep'),
      { ...extract('inner', '#inner'), frame: [0] },
    ]);
    const how = await end;
    expect({ failure: failureOf(how), said: said() }).toMatchObject({ failure: undefined });
    expect(outputs()).toEqual({
      total: 'Ada l true',
      user: 'Ada',
      late: '7',
      key: 'a',
      deep: 'shadow',
      inner: 'framed',
    });
    expect(said()).toContain('Step 3 of 20: change #gone');
    expect(said()).toContain('Console: a complaint');
    expect(said().join()).not.toContain('Ada');
    expect(artifacts()).toEqual(['end.png']);
    await eventually(() => picture?.subarray(0, 8).toString('hex') === PNG);
  });

  test('follows a link, holds it to its address and title, and finds another page', async () => {
    const { end } = start([
      home(),
      {
        type: 'click',
        selectors: ['#popup'],
      },
      { ...extract('popup', 'p'), target: `${address}/next` },
      { type: 'close', target: `${address}/next` },
      {
        type: 'click',
        selectors: ['#next'],
        assertedEvents: [{ type: 'navigation', url: `${address}/next?x=1`, title: 'Next page' }],
      },
      { type: 'waitForElement', selectors: ['#total'], operator: '==', count: 0 },
    ]);
    expect(failureOf(await end)).toBe(undefined);
    expect(outputs()).toEqual({ popup: 'next' });
  });

  test.each<[string, () => object[], string]>([
    [
      'an element that is not there',
      () => [{ type: 'click', selectors: ['#nobody'] }],
      'ELEMENT_NOT_FOUND',
    ],
    [
      'a title that is another',
      () => [{ ...home(), assertedEvents: [{ type: 'navigation', title: 'Shoe' }] }],
      'ASSERTION_FAILED',
    ],
    [
      'a step that leads nowhere',
      () => [{ type: 'hover', selectors: ['h1'], assertedEvents: [{ type: 'navigation' }] }],
      'ASSERTION_FAILED',
    ],
    [
      'a count that never comes',
      () => [{ type: 'waitForElement', selectors: ['h1'], count: 2 }],
      'WAIT_FAILED',
    ],
    [
      'a page nobody opened',
      () => [{ ...extract('a', 'p'), target: 'https://x.test/' }],
      'PAGE_NOT_FOUND',
    ],
    [
      'an address nobody serves',
      () => [{ type: 'navigate', url: 'http://127.0.0.1:9/' }],
      'NAVIGATION_FAILED',
    ],
    [
      'an attribute that is not there',
      () => [extract('a', 'h1', { attribute: 'x' })],
      'VALUE_NOT_FOUND',
    ],
  ])('fails on %s, by its code and with a picture', async (_what, steps, code) => {
    const { end } = start([home(), ...steps().map((step) => ({ timeout: 300, ...step }))]);
    expect(failureOf(await end)).toMatchObject({ code, final: false });
    expect(artifacts()).toEqual(['failure.png']);
  });

  test('tells a browser that is killed in the middle', async () => {
    const { end } = start([
      home(),
      { type: 'waitForExpression', expression: 'false', timeout: 20_000 },
    ]);
    await eventually(() => said().some((line) => line.startsWith('Step 2')), { withinMs: 15_000 });
    const members = treeMembers(child.mark).filter(({ pid }) => pid !== child.mark.root?.pid);
    expect(members.length).toBeGreaterThan(2);
    for (const { pid } of members) process.kill(pid, 'SIGKILL');
    expect(failureOf(await end)).toMatchObject({ code: 'BROWSER_CRASHED' });
  });

  test('that is stopped takes a last picture, and leaves no process of its browser', async () => {
    const { end, stop } = start([
      home(),
      { type: 'waitForExpression', expression: 'false', timeout: 20_000 },
    ]);
    await eventually(() => said().some((line) => line.startsWith('Step 2')), { withinMs: 15_000 });
    stop('cancelled');
    expect(await end).toMatchObject({ kind: 'stopped', cause: 'cancelled' });
    expect(artifacts()).toEqual(['stopped.png']);
    expect(treeMembers(child.mark)).toEqual([]);
  });

  test('whose child is killed with -9 leaves no process of its browser', async () => {
    const { end } = start([
      home(),
      { type: 'waitForExpression', expression: 'false', timeout: 20_000 },
    ]);
    await eventually(() => said().some((line) => line.startsWith('Step 2')), { withinMs: 15_000 });
    const before = treeMembers(child.mark);
    expect(before.length).toBeGreaterThan(3);
    process.kill(child.mark.root?.pid ?? 0, 'SIGKILL');
    expect(await end).toMatchObject({ kind: 'crashed' });
    await child.endTree({ graceMs: 0 });
    expect(treeMembers(child.mark)).toEqual([]);
  });
});
