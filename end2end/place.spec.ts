import { expect, test } from './support/test.ts';
import { keptViews } from './support/views.ts';

test('[CTX-11] the place in a long text comes back after a reload', async ({ workspace }) => {
  const { page } = workspace;
  await workspace.notes.focus();
  await page.keyboard.insertText(Array.from({ length: 200 }, (_, line) => `Line ${line}`).join('\n'));
  await workspace.shows('on_device', 'saved');
  const work = page.getByRole('main');
  const top = () => work.evaluate((element) => element.scrollTop);
  await work.evaluate((element) => element.scrollTo(0, 1_500));
  await expect.poll(() => keptViews(page)).toContain('1500');
  await workspace.reload();
  await expect.poll(top).toBe(1_500);
});

test('[CTX-11] the part that was shown opens again, on this device only', async ({ workspace, context }) => {
  const { page } = workspace;
  const session = await workspace.sessionId();
  await workspace.type('.');
  await workspace.save();
  await workspace.goTo('History');
  await expect(page).toHaveURL(`/s/${session}/history`);
  await workspace.open('/');
  await expect(page).toHaveURL(`/s/${session}/history`);
  // A link to the notes is a link to the notes.
  await workspace.open(`/s/${session}`);
  await expect(workspace.notes).toHaveValue('.');
  await expect(page).toHaveURL(`/s/${session}`);
  expect(context.pages()).toHaveLength(1);
});

test('[CTX-11] a half-filled form comes back after a reload', async ({ workspace }) => {
  const { page } = workspace;
  const form = page.getByRole('group', { name: 'Add a field' });
  await page.getByRole('button', { name: 'Add field' }).first().click();
  await form.getByLabel('Name').fill('Cabin');
  await form.getByText('Choice', { exact: true }).click();
  await form.getByLabel(/^Choices/).fill('inside\noutside');
  await workspace.goTo('History');
  await page.getByLabel('Name of the snapshot').fill('Before the trip');
  await workspace.shows('on_device', 'saved');

  await workspace.reload();
  await expect(page.getByLabel('Name of the snapshot')).toHaveValue('Before the trip');
  await workspace.goTo('Notes');
  await page.getByRole('button', { name: 'Add field' }).first().click();
  await expect(form.getByLabel('Name')).toHaveValue('Cabin');
  await expect(form.getByLabel(/^Choices/)).toHaveValue('inside\noutside');
  await form.getByRole('button', { name: 'Add field' }).click();
  await expect(workspace.fields.input('Cabin').getByRole('option')).toHaveText(['—', 'inside', 'outside']);
});
