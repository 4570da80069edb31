import { expect } from '@playwright/test';

import type { Workspace } from './workspace.ts';

/** Asks for a new storage in place of the browser's database, which does not work, and says yes. */
export async function askToRepair({ page, bars }: Workspace): Promise<void> {
  await bars.getByRole('button', { name: 'Repair…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Begin anew with what this browser keeps?' });
  await dialog.getByRole('button', { name: 'Begin anew' }).click();
}

/** As [`askToRepair`], and waits until the page is there again, with a database. */
export async function repair(workspace: Workspace): Promise<void> {
  const loaded = workspace.page.waitForEvent('load');
  await askToRepair(workspace);
  await loaded;
  await workspace.ready();
  await expect(workspace.bars).toHaveText('');
}
