import { Workspace } from './pages/workspace.ts';
import { expect, test } from './support/test.ts';

// As a person's browser is set that lets no site keep anything: no store, no lock, no cookie.
test.use({ preferences: { profile: { default_content_setting_values: { cookies: 2 } } } });

test('[CTX-3] [TAB-5] a browser that blocks everything a site keeps gets a page that works and warns', async ({
  profile,
  indicator,
  saves,
}) => {
  const page = await profile.page();
  const workspace = await Workspace.at(page);
  await expect(workspace.bars).toContainText('keeps nothing on disk');
  await workspace.type('in this window only');
  await workspace.shows('not_saved');
  // It leads without a lock, and tries.
  await expect.poll(() => saves.sent.filter(({ updates }) => updates.length > 0).length).toBeGreaterThan(0);
  await expect(workspace.notes).toHaveValue('in this window only');
  // Nothing was acknowledged to somebody who could ask for it again, and nothing is said to be kept.
  const told = indicator.shown.filter(({ text }) => text !== '').map(({ state }) => state);
  expect(told.filter((state) => !['saving', 'not_saved'].includes(state))).toEqual([]);
  expect(told).toContain('not_saved');
});
