import { findOnPath, isExecutableFile } from './find-executable.js';

export interface FoundChromium {
  readonly binary: string;
  readonly from: 'CARILLON_CHROMIUM' | 'PATH' | 'usual place';
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser for browser tasks, or undefined: then everything else still works. */
export function findChromium(env: NodeJS.ProcessEnv): FoundChromium | undefined {
  const named = env['CARILLON_CHROMIUM'];
  if (named) {
    return isExecutableFile(named) ? { binary: named, from: 'CARILLON_CHROMIUM' } : undefined;
  }
  for (const name of NAMES) {
    const binary = findOnPath(name, env['PATH'])[0];
    if (binary) return { binary, from: 'PATH' };
  }
  const binary = USUAL_PLACES.find(isExecutableFile);
  return binary ? { binary, from: 'usual place' } : undefined;
}
