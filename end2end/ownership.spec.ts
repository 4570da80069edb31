import { Workspace } from './pages/workspace.ts';
import { anotherGuest } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

// What another guest sees at an address that is not theirs. That every server function answers 404 is
// shown by the server's own tests.

const nobodys = '019a0000-0000-7000-8000-000000000001';

test('[SEC-3] [SESS-2] the session of another guest is the same as none', async ({ context, workspace }) => {
  await workspace.name.fill('Secret plans');
  await workspace.type('Only for Marta');
  await workspace.fields.add('Budget', 'Number');
  await workspace.save();
  const theirs = await workspace.sessionId();

  const guest = await Workspace.at(await (await anotherGuest(context)).newPage());
  await guest.type('My own work');
  await guest.save();
  const mine = await guest.sessionId();

  const read: string[] = [];
  for (const address of [`/s/${nobodys}`, `/s/${theirs}/history`, `/s/${theirs}`]) {
    await guest.page.goto(address);
    await expect(guest.page.getByRole('heading', { name: 'There is no such session' })).toBeVisible();
    await expect(guest.page.getByRole('main')).toContainText('Nothing of yours is lost');
    await expect(guest.page).toHaveURL(new RegExp(`${address}$`));
    await expect(guest.notes).toHaveCount(0);
    read.push(await guest.page.getByRole('main').innerText());
    const page = await guest.page.content();
    for (const secret of ['Secret plans', 'Only for Marta', 'Budget']) expect(page).not.toContain(secret);
  }
  // Nothing says which of them is somebody's.
  expect(new Set(read).size).toBe(1);

  await guest.page.getByRole('button', { name: /^Open / }).click();
  await expect(guest.page).toHaveURL(new RegExp(mine));
  await expect(guest.notes).toHaveValue('My own work');
  await guest.shows('saved');
  await expect(guest.sessions.list.getByRole('listitem')).toHaveCount(1);

  await workspace.reload();
  await expect(workspace.notes).toHaveValue('Only for Marta');
  await expect(workspace.name).toHaveValue('Secret plans');
});

test('[SESS-2] an address with a malformed id opens the work that is there', async ({ workspace }) => {
  await workspace.type('Ferry at 15:00');
  await workspace.save();
  const mine = await workspace.sessionId();
  for (const malformed of ['/s/1', '/s/%F0%9F%98%80', `/s/${mine}0`]) {
    await workspace.open(malformed);
    await expect(workspace.notes).toHaveValue('Ferry at 15:00');
    await expect(workspace.page).toHaveURL(new RegExp(`/s/${mine}$`));
  }
});
