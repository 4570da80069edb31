import { defineConfig } from '@playwright/test';

import tests from './playwright.config.ts';

/** The browser's part of `make bench`: one thing at a time, so that nothing is measured beside something else. */
export default defineConfig({
  ...tests,
  testMatch: 'bench/*.bench.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 600_000,
  reporter: [['line']],
});
