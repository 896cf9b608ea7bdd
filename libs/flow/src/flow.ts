import { z } from 'zod';
import { FLOW_LIMITS as L } from './limits.js';

/**
 * The Recorder's JSON as zod: objects are strict, since a misspelt `selector` or an assertion that
 * nobody runs is worse than a flow refused. Names and shapes are those of Chrome DevTools.
 */

const timeout = z.number().int().min(1).max(L.stepTimeoutMs).optional();
const selectorText = z.string().min(1).max(L.selectorChars);
/** One alternative: a selector, or a chain that goes one shadow root deeper with each link. */
const alternative = z.union([selectorText, z.array(selectorText).min(1).max(L.selectorLinks)]);
const selectors = z.array(alternative).min(1).max(L.selectors);
const pixels = z.number().min(-L.scrollPixels).max(L.scrollPixels);
const viewportPixels = z.number().int().min(1).max(L.viewportPixels);
const key = z.string().min(1).max(L.keyChars);

const assertedEvents = z
  .array(
    z.strictObject({
      type: z.literal('navigation'),
      url: z.string().max(L.urlChars).optional(),
      title: z.string().max(L.titleChars).optional(),
    }),
  )
  .max(L.assertions)
  .optional();

/** What any step may carry. */
const anyStep = { timeout, assertedEvents };
/** What a step within a page may carry: `main` or the URL of another page, and a path of frames. */
const inPage = {
  ...anyStep,
  target: z.string().max(L.urlChars).optional(),
  frame: z.array(z.number().int().min(0).max(1_000)).max(L.frameDepth).optional(),
};
const pointer = {
  ...inPage,
  selectors,
  offsetX: pixels.optional(),
  offsetY: pixels.optional(),
  // A mouse's back and forward buttons can't be pressed by the player; they are refused, not ignored.
  button: z.enum(['primary', 'auxiliary', 'secondary']).optional(),
  deviceType: z.enum(['mouse', 'pen', 'touch']).optional(),
};

const asked = (value: z.ZodType<string | number | boolean>) =>
  z
    .record(z.string().min(1).max(200), value)
    .refine((all) => Object.keys(all).length <= L.attributes, {
      message: `at most ${L.attributes} entries`,
    })
    .optional();
const text = z.string().max(L.valueChars);

const ExtractSchema = z.strictObject({
  ...inPage,
  type: z.literal('customStep'),
  name: z.literal('extract'),
  parameters: z.strictObject({
    name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/),
    selector: selectorText,
    attribute: z.string().min(1).max(200).optional(),
  }),
});

export const StepSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...inPage,
    type: z.literal('navigate'),
    url: z.string().min(1).max(L.urlChars),
  }),
  z.strictObject({
    ...pointer,
    type: z.literal('click'),
    duration: z.number().min(0).max(L.clickDurationMs).optional(),
  }),
  z.strictObject({ ...pointer, type: z.literal('doubleClick') }),
  z.strictObject({ ...inPage, type: z.literal('hover'), selectors }),
  z.strictObject({ ...inPage, type: z.literal('change'), selectors, value: text }),
  z.strictObject({ ...inPage, type: z.literal('keyDown'), key }),
  z.strictObject({ ...inPage, type: z.literal('keyUp'), key }),
  z.strictObject({
    ...inPage,
    type: z.literal('scroll'),
    selectors: selectors.optional(),
    x: pixels.optional(),
    y: pixels.optional(),
  }),
  z.strictObject({
    ...inPage,
    type: z.literal('waitForElement'),
    selectors,
    operator: z.enum(['>=', '==', '<=']).optional(),
    count: z.number().int().min(0).max(L.elements).optional(),
    visible: z.boolean().optional(),
    attributes: asked(text),
    properties: asked(z.union([text, z.number(), z.boolean()])),
  }),
  z.strictObject({
    ...inPage,
    type: z.literal('waitForExpression'),
    expression: z.string().min(1).max(L.expressionChars),
  }),
  z.strictObject({
    ...inPage,
    type: z.literal('setViewport'),
    width: viewportPixels,
    height: viewportPixels,
    deviceScaleFactor: z.number().min(0).max(10),
    isMobile: z.boolean(),
    hasTouch: z.boolean(),
    isLandscape: z.boolean(),
  }),
  z.strictObject({
    ...inPage,
    type: z.literal('emulateNetworkConditions'),
    download: z.number().min(-1).max(1e9),
    upload: z.number().min(-1).max(1e9),
    latency: z.number().min(0).max(60_000),
  }),
  z.strictObject({ ...inPage, type: z.literal('close') }),
  ExtractSchema,
]);

export const FlowSchema = z.strictObject({
  title: z.string().max(L.titleChars),
  /** The attribute that the Recorder preferred when it made selectors; of no use when it is played. */
  selectorAttribute: z.string().max(200).optional(),
  timeout,
  steps: z.array(StepSchema).min(1).max(L.steps),
});

export type Flow = z.infer<typeof FlowSchema>;
export type Step = Flow['steps'][number];
export type StepType = Step['type'];
export type StepOf<T extends StepType> = Extract<Step, { type: T }>;
export type Alternative = z.infer<typeof alternative>;

export const STEP_TYPES: readonly StepType[] = [
  'navigate',
  'click',
  'doubleClick',
  'hover',
  'change',
  'keyDown',
  'keyUp',
  'scroll',
  'waitForElement',
  'waitForExpression',
  'setViewport',
  'emulateNetworkConditions',
  'close',
  'customStep',
];
