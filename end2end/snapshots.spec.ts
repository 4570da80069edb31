import { Workspace } from './pages/workspace.ts';
import { SentRecord } from './support/requests.ts';
import { expect, test } from './support/test.ts';

// The way back: from a snapshot, from the restore of one, and from that.

const DAY_MS = 24 * 60 * 60 * 1000;
const then = 'The hut key is with Marta. Bring the small stove.';
const now = 'The hut key is with Jonas. Bring the small stove.';

test('[SNAP-3] a restore shows what differs, reaches two other tabs, is undone, and is restored', async ({
  workspace,
}) => {
  await prepare(workspace);
  const tabs = [await openBeside(workspace), await openBeside(workspace)];

  const preview = await workspace.snapshots.preview('With Marta');
  const text = preview.getByRole('listitem').filter({ hasText: 'Text' });
  await expect(text).toContainText('changes');
  await expect(text.getByRole('deletion')).toHaveText(['Jonas']);
  await expect(text.getByRole('insertion')).toHaveText(['Marta']);
  const budget = preview.getByRole('listitem').filter({ hasText: 'Budget' });
  await expect(budget).toContainText('goes');
  await expect(budget.getByRole('deletion')).toHaveText(['2400']);
  // Looking changes nothing.
  await preview.getByRole('button', { name: 'Cancel' }).click();
  await expect(preview).toBeHidden();
  await expectHas(workspace, now, '2400');

  await workspace.snapshots.restore('With Marta');
  for (const tab of [workspace, ...tabs]) await expectHas(tab, then, undefined);

  await workspace.snapshots.undo.click();
  for (const tab of [workspace, ...tabs]) await expectHas(tab, now, '2400');
  await expect(workspace.notices).toContainText('Restore undone');

  // The restore of what was there before the restore, from another tab.
  await workspace.snapshots.restore('With Marta');
  const [beside] = tabs;
  if (!beside) throw new Error('there are two tabs beside it');
  await expectHas(beside, then, undefined);
  await beside.reload();
  await beside.snapshots.restore('Before restore');
  for (const tab of [workspace, ...tabs]) await expectHas(tab, now, '2400');
  await beside.snapshots.restore('With Marta');
  for (const tab of [workspace, ...tabs]) await expectHas(tab, then, undefined);
});

test('[SNAP-3] an undo after newer edits shows them, and leaves them as they are', async ({ workspace }) => {
  await prepare(workspace);
  const beside = await openBeside(workspace);
  await workspace.snapshots.restore('With Marta');
  await expectHas(beside, then, undefined);
  await beside.type(' And tea.');
  await expect(workspace.notes).toHaveValue(`${then} And tea.`);

  await workspace.snapshots.undo.click();
  const rest = workspace.page.getByRole('dialog', { name: 'Some of it changed since' });
  const text = rest.getByRole('listitem').filter({ hasText: 'Text' });
  await expect(text).toContainText('stays');
  await expect(text).toContainText('And tea.');
  await expectHas(workspace, `${then} And tea.`, undefined);
  await rest.getByRole('button', { name: 'Undo the rest' }).click();
  for (const tab of [workspace, beside]) await expectHas(tab, `${then} And tea.`, '2400');
});

test('[SNAP-1] 31 days later a snapshot is gone, and the pinned one is not', async ({
  workspace,
  server,
}) => {
  await server.moveClock(0);
  await workspace.type(then);
  await workspace.goTo('History');
  for (const name of ['For a month', 'For good']) await workspace.history.take(name);
  const kept = workspace.history.named('For good');
  await expect(kept).toContainText('by you');
  await expect(kept).toContainText(/\d (bytes|KB)/);
  await kept.getByRole('button', { name: /^Pin/ }).click();
  await expect(kept).toContainText('pinned');
  await expect(workspace.history.named('For a month')).toContainText('30 days');

  // Over is over at once; the sweep, which a start begins with, only clears up, when the clock that jumped
  // has gone on for a day.
  await server.moveClock(31 * DAY_MS);
  await workspace.reload();
  await expect(kept).toBeVisible();
  await expect(workspace.history.named('For a month')).toHaveCount(0);
  await server.restart();
  await expect.poll(() => server.logs).toContain('the clock jumped');
  await server.moveClock(32 * DAY_MS);
  await server.restart();
  await expect.poll(() => server.logs).toMatch(/swept snapshots=1\b/);
  await workspace.reload();
  await expect(workspace.history.all).toHaveCount(1);

  await workspace.goTo('Notes');
  await workspace.type(' Changed.');
  await workspace.snapshots.restore('For good');
  await expect(workspace.notes).toHaveValue(then);
});

test('[SNAP-2] a snapshot that the server took is in the list while that is read again', async ({
  page,
  context,
}) => {
  const calls = new SentRecord();
  await calls.attach(context);
  const workspace = await Workspace.at(page);
  await workspace.type(then);
  await workspace.save();
  let asked = 0;
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/fn/list_snapshots', async (route) => {
    asked += 1;
    await answered;
    await route.continue();
  });
  await workspace.snapshots.take();
  await expect.poll(() => asked, 'the server has it').toBeGreaterThan(0);
  await expect(workspace.snapshots.list).toHaveCount(1);
  await expect(workspace.snapshots.list).not.toContainText('waits');
  answer();
  await expect.poll(() => calls.answered, 'the page has taken in the list').toBe(true);
  await expect(workspace.snapshots.list).toHaveCount(1);
});

test('[SNAP-2] a list that was asked for before a snapshot was taken, and comes later, takes none away', async ({
  page,
  context,
}) => {
  const calls = new SentRecord();
  await calls.attach(context);
  const workspace = await Workspace.at(page);
  await workspace.type(then);
  await workspace.save();
  await expect.poll(() => calls.open, 'all lists are read').toBe(0);
  let asked = 0;
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/fn/list_snapshots', async (route) => {
    asked += 1;
    const isFirst = asked === 1;
    const response = await route.fetch();
    if (isFirst) await arrived;
    await route.fulfill({ response });
  });
  await workspace.goTo('History');
  await expect.poll(() => asked, 'the list is asked for').toBe(1);
  await workspace.snapshots.take();
  await expect.poll(() => asked, 'and again, when the server has it').toBeGreaterThan(1);
  await expect.poll(() => calls.open, 'only the first is on its way').toBe(1);
  await expect(workspace.snapshots.list).toHaveCount(1);
  arrive();
  await expect.poll(() => calls.open, 'that has come too').toBe(0);
  await expect(workspace.snapshots.list).toHaveCount(1);
});

test('[SNAP-2] a snapshot taken offline holds what all tabs had, and arrives later', async ({
  context,
  workspace,
}) => {
  await workspace.type(then);
  await workspace.save();
  const beside = await openBeside(workspace);
  await context.setOffline(true);
  await beside.type(' From the other tab.');
  const taken = `${then} From the other tab.`;
  await expect(workspace.notes).toHaveValue(taken);
  // An answer that was on its way said that the server is there; asked again, it is not.
  await beside.page.keyboard.press('Control+s');
  await workspace.shows('offline');

  await workspace.goTo('History');
  await workspace.history.take('On the mountain');
  const snapshot = workspace.history.named('On the mountain');
  await expect(snapshot).toContainText('waits for the network');
  await expect(snapshot.getByRole('button', { name: /^Restore/ })).toBeDisabled();
  await workspace.goTo('Notes');
  await workspace.type(' Too late.');

  await context.setOffline(false);
  await workspace.shows('saved');
  await expect(workspace.snapshots.named('On the mountain')).not.toContainText('waits');
  const preview = await workspace.snapshots.preview('On the mountain');
  await expect(preview.getByRole('deletion')).toHaveText([/Too late\./]);
  await preview.getByRole('button', { name: 'Restore', exact: true }).click();
  for (const tab of [workspace, beside]) await expect(tab.notes).toHaveValue(taken);
});

/** A snapshot called With Marta; since then another name in the text, and a field more. */
async function prepare(workspace: Workspace): Promise<void> {
  await workspace.type(then);
  await workspace.goTo('History');
  await workspace.history.take('With Marta');
  await workspace.goTo('Notes');
  await workspace.notes.fill(now);
  await workspace.fields.add('Budget', 'Number');
  await workspace.fields.input('Budget').fill('2400');
  await workspace.save();
}

/** Another tab of the same browser with the same session. */
async function openBeside(workspace: Workspace): Promise<Workspace> {
  const beside = await Workspace.at(
    await workspace.page.context().newPage(),
    `/s/${await workspace.sessionId()}`,
  );
  await expect(beside.notes).toHaveValue(await workspace.notes.inputValue());
  // What is behind another tab is drawn once a second, and whoever clicks there waits for it.
  await workspace.page.bringToFront();
  return beside;
}

/** `budget`: the value of the field, or that there is no field. */
async function expectHas(workspace: Workspace, text: string, budget: string | undefined): Promise<void> {
  await expect(workspace.notes).toHaveValue(text);
  const field = workspace.fields.input('Budget');
  if (budget === undefined) await expect(field).toHaveCount(0);
  else await expect(field).toHaveValue(budget);
}
