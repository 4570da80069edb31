import type { BrowserContext, Page } from '@playwright/test';

import { Workspace } from '../pages/workspace.ts';

/** Lets the program not arrive before the answer is called. */
export async function holdProgram(page: Page): Promise<() => void> {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/*.wasm', async (route) => {
    await arrived;
    await route.continue();
  });
  return arrive;
}

/** A page whose program has not arrived, and does so when it is told to. */
export async function slowPage(
  context: BrowserContext,
  path: string,
): Promise<Workspace & { arrive(): void }> {
  const page = await context.newPage();
  const arrive = await holdProgram(page);
  await page.goto(path, { waitUntil: 'commit' });
  return Object.assign(new Workspace(page), { arrive });
}
