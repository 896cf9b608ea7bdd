import { findChromium } from '#libs/parts';
import { testEnvironment } from './config.js';

/** The browser of this machine; a spec that needs one is skipped where there is none. */
export const testChromium = findChromium(testEnvironment.all)?.binary;
