import type { Page } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

/** What follows within half a second is undone together; this waits until what follows does not. */
const pause = (page: Page) =>
  page.evaluate(async () => {
    const since = performance.now();
    while (performance.now() < since + 600) await new Promise((resolve) => requestAnimationFrame(resolve));
  });

test('[CTX-9] one undo takes back what was typed in one go, and nothing before it', async ({ workspace }) => {
  const { page, notes } = workspace;
  await workspace.type('An hour of work.');
  await pause(page);
  await workspace.type(' And a slip');
  await page.keyboard.press('Control+z');
  await expect(notes).toHaveValue('An hour of work.');
  await page.keyboard.press('Control+z');
  await expect(notes).toHaveValue('');
  await page.keyboard.press('Control+Shift+z');
  await expect(notes).toHaveValue('An hour of work.');
  await page.keyboard.press('Control+Shift+z');
  await expect(notes).toHaveValue('An hour of work. And a slip');
});

test('[CTX-9] an undo leaves what another tab wrote', async ({ workspace, context }) => {
  const session = await workspace.sessionId();
  await workspace.type('mine');
  const other = new Workspace(await context.newPage());
  await other.open(`/s/${session}`);
  await expect(other.notes).toHaveValue('mine');
  await other.type(' theirs');
  await expect(workspace.notes).toHaveValue('mine theirs');
  await workspace.notes.focus();
  await workspace.page.keyboard.press('Control+z');
  await expect(workspace.notes).toHaveValue(' theirs');
  await expect(other.notes).toHaveValue(' theirs');
});
