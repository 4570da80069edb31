import { Workspace } from './pages/workspace.ts';
import { anotherBrowser, sameGuest } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

// The server comes back with an older copy of its database: what was saved since is on the devices only.

const offer = '[data-code="lost_on_server"]';

test('[SYNC-6] what an older copy of the database lacks comes back from two browsers that each have a part', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('in the copy; ');
  await workspace.save();
  const backup = await server.backUp();
  const second = await anotherBrowser(context, session, truth);
  await expect(second.notes).toHaveValue('in the copy; ');

  await workspace.type('by the first; ');
  await workspace.save();
  await second.save();
  await expect(second.notes).toHaveValue('in the copy; by the first; ');
  // The first one has a part of its own, and knows of nothing that the second does from here on.
  await workspace.page.context().setOffline(true);
  await workspace.type('offline; ');
  await workspace.shows('offline', 'on_device');
  for (const part of ['by ', 'the ', 'second; ']) {
    await second.type(part);
    await second.save();
  }
  // Deletions of what the copy has: no state vector shows them.
  truth.deletes = true;
  for (let letter = 1; letter <= 3; letter += 1) {
    await second.notes.focus();
    await second.page.keyboard.press('Control+Home');
    await second.page.keyboard.press('Delete');
    await second.save();
  }

  await server.bringBack(backup);
  await workspace.page.context().setOffline(false);
  const text = await meet(workspace, second, /^the copy; by the first; (?=.*offline)(?=.*by the second)/);
  const whole = 'the copy; by the first; by the second; offline; ';
  expect([...text].sort().join('')).toBe([...whole].sort().join(''));
  for (const tab of [workspace, second]) {
    await tab.reload();
    await expect(tab.notes).toHaveValue(text);
    await tab.shows('saved');
  }
  expect(await truth.confirm(context, session, [workspace, second])).toBe(text);
});

test('[SYNC-6] sessions that are younger than the copy are offered together, and are there again, once', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  await workspace.fill('In the copy', 'old; ');
  const backup = await server.backUp();
  const names = ['Lofoten', 'Garden', 'Tax'];
  const ids: string[] = [];
  for (const name of names) {
    await workspace.sessions.create();
    await expect(workspace.notes).toHaveValue('');
    ids.push(await workspace.fill(name, `about ${name}; `));
  }
  const last = await workspace.sessionId();
  await server.bringBack(backup);

  await workspace.reload();
  const bar = workspace.bars.locator(offer);
  await expect(bar).toContainText('does not know some of your sessions any more');
  await expect(bar).toContainText('All 3 are safe on this device');
  await bar.getByRole('button', { name: 'Create them again' }).click();
  await expect(workspace.notices).toContainText('3 sessions are on the server again');
  await expect(bar).toHaveCount(0);
  await workspace.shows('saved');
  // As they were: links to them stay good.
  expect(await workspace.sessionId()).toBe(last);

  const other = await Workspace.at(await (await sameGuest(context, truth)).newPage(), '/');
  await expect(other.sessions.list.getByRole('listitem')).toHaveCount(4);
  for (const name of names) {
    await other.sessions.open(name);
    await expect(other.notes).toHaveValue(`about ${name}; `);
  }
  await workspace.type('on');
  await workspace.save();
  await other.open(`/s/${last}`);
  await expect(other.notes).toHaveValue('about Tax; on');
  for (const id of ids) await truth.confirm(context, id);
});

test('[SYNC-6] [TAB-7] a lost session that two browsers have becomes one again, with the parts of both', async ({
  workspace,
  context,
  server,
  truth,
}) => {
  await workspace.fill('In the copy', 'old');
  const backup = await server.backUp();
  await workspace.sessions.create();
  await expect(workspace.notes).toHaveValue('');
  const session = await workspace.fill('Lofoten', 'shared; ');
  const second = await anotherBrowser(context, session, truth);
  await expect(second.notes).toHaveValue('shared; ');
  await server.kill();
  await workspace.type('by the first; ');
  await second.type('by the second; ');
  for (const tab of [workspace, second]) await tab.shows('offline', 'on_device');
  await server.bringBack(backup);

  for (const tab of [workspace, second]) {
    await tab.page.keyboard.press('Control+s');
    const create = tab.bars.locator(offer).getByRole('button', { name: 'Create it again' });
    // The second one finds it there, or asks for what is there by then: either way it is one.
    await expect(
      create.or(tab.page.locator('[data-testid="save-indicator"][data-state="saved"]')),
    ).toBeVisible({
      timeout: 40_000,
    });
    if (await create.isVisible()) await create.click();
    await tab.shows('saved');
    expect(await tab.sessionId()).toBe(session);
  }
  const text = await meet(workspace, second, /^shared; (?=.*by the first; )(?=.*by the second; )/);
  expect(text).toHaveLength('shared; by the first; by the second; '.length);
  await second.reload();
  await expect(second.sessions.list.getByRole('listitem')).toHaveCount(2);
  await expect(second.notes).toHaveValue(text);
  expect(await truth.confirm(context, session, [workspace, second])).toBe(text);
});

/** Lets both ask the server until they have the same, which reads like this; the text. */
async function meet(one: Workspace, other: Workspace, like: RegExp): Promise<string> {
  await expect(async () => {
    for (const tab of [one, other]) {
      const answer = tab.page.waitForResponse((response) => response.url().endsWith('/fn/save_context'));
      await tab.page.keyboard.press('Control+s');
      await answer;
    }
    for (const tab of [one, other]) await expect(tab.notes).toHaveValue(like, { timeout: 500 });
    expect(await one.notes.inputValue()).toBe(await other.notes.inputValue());
  }).toPass({ timeout: 40_000 });
  for (const tab of [one, other]) await tab.shows('saved');
  return one.notes.inputValue();
}
