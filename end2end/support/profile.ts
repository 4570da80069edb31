import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium as playwright,
} from '@playwright/test';

import { chromium } from './chromium.ts';
import { until } from './until.ts';

/** What a profile is opened with, also when it is opened again. */
export interface ProfileOptions extends BrowserContextOptions {
  baseURL: string;
  /** Settings of the browser, as its file `Preferences` has them. */
  preferences?: object;
  /** Called for the context of each opening, before its first page loads. */
  prepare?: (context: BrowserContext) => Promise<void>;
}

/**
 * A browser with a profile on disk, as a person has it. It can be killed at any moment and opened again:
 * what comes back is what was really stored.
 */
export class Profile {
  private opened: BrowserContext | undefined;

  private constructor(
    /** Where it is on disk. */
    readonly folder: string,
    private readonly options: ProfileOptions,
  ) {}

  static async open(options: ProfileOptions): Promise<Profile> {
    const { preferences, ...rest } = options;
    const profile = new Profile(await mkdtemp(join(tmpdir(), 'holdfast-profile-')), rest);
    if (preferences) {
      await mkdir(join(profile.folder, 'Default'));
      await writeFile(join(profile.folder, 'Default', 'Preferences'), JSON.stringify(preferences));
    }
    await profile.open();
    return profile;
  }

  /** The open browser. */
  get context(): BrowserContext {
    if (!this.opened) throw new Error('the browser is closed: open() it first');
    return this.opened;
  }

  /** The page that the browser opened with. */
  async page(): Promise<Page> {
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** Opens the browser on the same profile. */
  async open(): Promise<BrowserContext> {
    if (this.opened) throw new Error('the browser is open');
    const { prepare, ...options } = this.options;
    this.opened = await playwright.launchPersistentContext(this.folder, { ...chromium, ...options });
    await prepare?.(this.opened);
    return this.opened;
  }

  /** Kills what runs the page (SIGKILL): as a crash does, in the middle of anything. The browser stays. */
  async killRenderer(page: Page): Promise<void> {
    const browser = this.context.browser();
    if (!browser) throw new Error('no way to the browser process');
    const session = await browser.newBrowserCDPSession();
    const crashed = page.waitForEvent('crash');
    const renderers = async () => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    };
    const killed = await renderers();
    for (const id of killed) kill(id);
    await crashed;
    // One of them was kept ready for the next page: until the browser knows that it is dead, it is offered.
    await until('the browser to know of it', async () => {
      const living = await renderers();
      return !killed.some((id) => living.includes(id)) || undefined;
    });
    await session.detach();
    await page.close();
  }

  /** Kills the whole browser (SIGKILL), its helper processes with it. */
  async killBrowser(): Promise<void> {
    const context = this.context;
    const pid = await this.pid();
    const closed = new Promise((resolve) => context.once('close', resolve));
    // The browser leads a process group, so storage and renderers go in the same moment.
    kill(-pid);
    await closed;
    this.opened = undefined;
    await until('the browser process to be gone', () => isGone(pid) || undefined);
  }

  /** Closes the browser as a person does. */
  async close(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  /** Closes the browser and removes the profile. */
  async dispose(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** The browser's process: Chromium locks its profile with a link that names host and process. */
  private async pid(): Promise<number> {
    const lock = await readlink(join(this.folder, 'SingletonLock'));
    const pid = Number(lock.slice(lock.lastIndexOf('-') + 1));
    if (!Number.isInteger(pid) || pid <= 1) throw new Error(`no process in the profile's lock: ${lock}`);
    return pid;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
