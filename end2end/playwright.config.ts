import { defineConfig } from '@playwright/test';

import { chromium } from './support/chromium.ts';
import { rounds, soaking } from './support/rounds.ts';

/** The real program and a real Chromium. Each test has a server and a data folder of its own. */
export default defineConfig({
  testMatch: process.env['PICTURE'] ? 'picture.ts' : '**/*.spec.ts',
  // `make soak` is for what has a longer version.
  ...(soaking ? { grep: /@soak/ } : {}),
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try hides a lost change.
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 90_000,
  // In full, another test beside it may have 49 MB in three tabs.
  expect: { timeout: rounds(15_000, 60_000) },
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: chromium,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
  },
});
