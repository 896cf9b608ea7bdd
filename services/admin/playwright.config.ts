import { defineConfig } from 'playwright/test';

/** The screens in a real Chromium, on the real services: `npm run test:ui`. */
export default defineConfig({
  testDir: 'test',
  testMatch: '**/*.ui.ts',
  outputDir: '../../test-results',
  // One product for all of it: what one flow makes, another may see.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    timezoneId: 'America/New_York',
    locale: 'en-GB',
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      chromiumSandbox: false,
      args: ['--disable-gpu', '--disable-quic'],
    },
    screenshot: 'only-on-failure',
  },
});
