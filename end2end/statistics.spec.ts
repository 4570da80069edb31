import { readFile } from 'node:fs/promises';

import { expectAccessible, viewports } from './support/accessibility.ts';
import { expect, test } from './support/test.ts';

// What a person did, in figures.

const MINUTE_MS = 60_000;

test('[SESS-6] time and edits are counted by day and session, and saved as a table', async ({
  workspace,
  server,
}) => {
  const { page, account } = workspace;
  await server.moveClock(0);
  const id = await workspace.fill('Lofoten', 'ferry');
  await server.moveClock(8 * MINUTE_MS);
  await server.restart();
  await workspace.type(' at 15:00');
  await workspace.save();

  await account.menu('Statistics');
  await expect(page).toHaveURL(/\/account\/statistics$/);
  const row = page.getByRole('table').getByRole('row').filter({ hasText: 'Lofoten' });
  await expect(row.getByRole('cell')).toHaveText(['8 min', /^\d+$/, /^[\d.]+ (bytes|KB)$/]);
  await expect(row.getByRole('rowheader')).toContainText('Active');
  // The first one is the text as a whole, and each key after it is one more.
  const edits = Number(await row.getByRole('cell').nth(1).textContent());
  expect(edits).toBeGreaterThanOrEqual(9);
  await expect(page.getByRole('img', { name: 'Time by day' })).toBeVisible();
  await expect(page.getByTestId('chart')).toContainText('8 min');
  await page.getByText('Day by day').click();
  const day = page.getByRole('table').first().getByRole('row').nth(1);
  await expect(day.getByRole('cell')).toHaveText(['8 min', String(edits)]);
  await page.getByLabel('Show').selectOption('Edits');
  await expect(page.getByRole('img', { name: 'Edits by day' })).toBeVisible();
  await expect(page.getByTestId('chart')).toContainText(`${edits} edits`);
  await expect(page.getByText('1 active')).toBeVisible();

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save as a table' }).click();
  const table = await readFile(await (await download).path(), 'utf8');
  const [columns, line, ...more] = table.trim().split('\n');
  expect(columns).toBe('date,session,name,edits,active_seconds');
  const today = await page.evaluate(() => new Date().toLocaleDateString('sv'));
  expect(line).toMatch(new RegExp(`^${today},${id},Lofoten,${edits},4[89]\\d$`));
  expect(more).toEqual([]);

  await row.getByRole('link').click();
  await expect(workspace.notes).toHaveValue('ferry at 15:00');
});

test('[SESS-6] who has done nothing yet is told so', async ({ workspace }) => {
  await workspace.account.menu('Statistics');
  await expect(workspace.page.getByText('Nothing on these days yet.')).toBeVisible();
});

for (const [name, viewport] of Object.entries(viewports)) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport });
    test(`[UX-2] statistics, ${name}`, async ({ workspace }) => {
      const { page } = workspace;
      await workspace.type('ferry');
      await workspace.save();
      await page.goto('/account/statistics');
      await page.getByText('Day by day').click();
      await expect(page.getByRole('cell')).not.toHaveCount(0);
      await expectAccessible(page);
    });
  });
}
