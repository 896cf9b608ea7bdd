import { test } from '@jest/globals';
import { findChromium } from '#libs/parts';
import { testEnvironment } from './config.js';

/** The browser of this machine, when there is one. */
export const testChromium = findChromium(testEnvironment.all)?.binary;

/** `test` where there is a browser; elsewhere the test is skipped, and the run says so. */
export const chromiumTest: typeof test.skip = testChromium ? test : test.skip;
