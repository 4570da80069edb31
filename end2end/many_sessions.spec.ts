import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

// A person who has used it for years.

const MANY = 10_000;

test.use({
  settings: { HOLDFAST_API_CALLS_PER_MINUTE: '1000000', HOLDFAST_NEW_SESSIONS_PER_HOUR: '1000000' },
});

test('[SESS-3] of ten thousand sessions one is found by a word of its name, and opened', async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { page, sessions, notes } = workspace;
  await workspace.type('here');
  await workspace.save();
  await page.evaluate(async (many) => {
    let next = 0;
    const create = async (): Promise<void> => {
      while (next < many) {
        const body = JSON.stringify({ name: `Trip ${next++}` });
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch('/api/sessions', { method: 'POST', headers, body });
        if (!answer.ok) throw new Error(await answer.text());
      }
    };
    await Promise.all(Array.from({ length: 6 }, create));
  }, MANY);

  await workspace.reload();
  const active = sessions.list.getByRole('region', { name: 'Active', exact: true });
  await expect(active).toContainText(String(MANY + 1));
  const rows = active.getByRole('listitem');
  await expect(rows).toHaveCount(50);
  await active.getByRole('button', { name: /^Show 50 more of / }).click();
  await expect(rows).toHaveCount(100);

  await sessions.search('trip 4711');
  await expect(sessions.list.getByRole('status')).toHaveText('1 session found');
  await sessions.open('Trip 4711');
  await expect(workspace.name).toHaveValue('Trip 4711');
  await expect(notes).toHaveValue('');
  await sessions.search('');
  await expect(rows).toHaveCount(100);
  await workspace.type('ferry');
  await workspace.save();
  const again = await Workspace.at(page, page.url());
  await expect(again.notes).toHaveValue('ferry');
});
