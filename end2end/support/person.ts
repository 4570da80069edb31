import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Browser, type BrowserContext, type Page, chromium as playwright } from '@playwright/test';

import { chromium } from './chromium.ts';
import { until } from './until.ts';

/**
 * A browser as a person has it: a tab behind another is hidden, and its timers are throttled. In those that
 * Playwright starts every tab is visible and none is held back.
 */
export class PersonsBrowser {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    private readonly browser: Browser,
  ) {}

  /** Starts one; `features` are of Chromium, with their parameters. */
  static async start(features: string[]): Promise<PersonsBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-person-'));
    const child = spawn(
      chromium.executablePath ?? playwright.executablePath(),
      [
        '--headless=new',
        '--remote-debugging-port=0',
        `--user-data-dir=${folder}`,
        '--window-size=1280,900',
        `--enable-features=${features.join()}`,
        ...chromium.args,
        'about:blank',
      ],
      { stdio: 'ignore' },
    );
    const port = await until('the browser to say its port', async () => {
      const told = await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '');
      return told.includes('\n') ? told.split('\n')[0] : undefined;
    });
    const browser = await playwright.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    return new PersonsBrowser(folder, child, browser);
  }

  /** Its only window. */
  get context(): BrowserContext {
    const [context] = this.browser.contexts();
    if (!context) throw new Error('the browser has no window');
    return context;
  }

  /** The tab it started with. */
  get page(): Page {
    const [page] = this.context.pages();
    if (!page) throw new Error('the browser has no tab');
    return page;
  }

  /** Ends it and removes its profile. */
  async dispose(): Promise<void> {
    await this.browser.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exit = once(this.process, 'exit');
      this.process.kill('SIGKILL');
      await exit;
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
