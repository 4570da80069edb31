import type { BrowserContext, Page } from '@playwright/test';

import { Example } from './pages/example.ts';
import { expectAccessible } from './support/accessibility.ts';
import { sameGuest } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { breakRendering } from './support/panic.ts';
import { SentRecord } from './support/requests.ts';
import { expect, test } from './support/test.ts';

// What `use_session()` gives, on a page that uses nothing else. Where the page's clock stands still, what is
// saved was not saved by a timer.

const mission = '019a0000-0000-7000-8000-000000000001';

test('[CTX-9] the example page keeps what is written there, like any page of somebody else', async ({
  context,
  page,
}) => {
  const example = new Example(page);
  await example.open();
  await example.items.pressSequentially('Bread');
  await example.people.fill('4');
  await example.press('Tick off');
  await expect(page.getByText('Ticked off')).toBeVisible();
  await expect(example.context).toHaveText('{ "done": true, "items": "Bread", "people": 4 }');
  await expect(example.lastChange).toHaveText(/^ThisTab:.*\/done/);
  await example.save();

  await example.open();
  await expect(example.items).toHaveValue('Bread');
  await expect(example.people).toHaveValue('4');

  const beside = new Example(await context.newPage());
  await beside.open();
  await beside.items.press('End');
  await beside.items.pressSequentially(', milk');
  await expect(example.items).toHaveValue('Bread, milk');
  await expect(example.lastChange).toHaveText(/^OtherTab:.*\/items/);

  await example.press('Take a snapshot');
  await example.items.fill('Nothing');
  await example.press('Restore it');
  for (const tab of [example, beside]) await expect(tab.items).toHaveValue('Bread, milk');
  await expect(example.lastChange).toHaveText(/^Restore:/);
  await example.items.press('End');
  await example.items.pressSequentially(', tea');
  await example.press('Undo');
  await expect(example.items).not.toHaveValue('Bread, milk, tea');
  await example.press('Redo');
  await expect(example.items).toHaveValue('Bread, milk, tea');

  await example.press('Clear the list');
  for (const tab of [example, beside]) await expect(tab.context).toHaveText('{}');
  await example.press('Put it back');
  for (const tab of [example, beside]) await expect(tab.items).toHaveValue('Bread, milk, tea');
});

test('[CTX-9] the example page works while the server is away', async ({ page, server }) => {
  const example = new Example(page);
  await example.open();
  await server.kill();
  await example.items.pressSequentially('Bread');
  await example.press('Save now');
  await expect(example.status).toHaveText('Offline - on this device');
  await server.start();
  await expect(example.status).toHaveText('Saved', { timeout: 40_000 });
  await page.reload();
  await expect(example.items).toHaveValue('Bread');
});

const occasions: Record<string, (example: Example) => Promise<void>> = {
  'a value is shared': async (example) => {
    await example.press('Write it into all my lists');
    await expect(example.page.getByText('Lists that have it: 1')).toBeVisible();
  },
  'a mission is linked': async (example) => {
    await example.mission.fill(mission);
    const asked = example.page.waitForRequest('**/fn/link_mission');
    await example.press('Link the mission');
    expect((await asked).postDataJSON()).toMatchObject({ mission });
    await expect(example.page.getByText('Linked')).toBeVisible();
  },
  'the session is completed': async (example) => {
    await example.press('Complete');
    await expect(example.state).toHaveText('Completed');
  },
};

for (const [occasion, act] of Object.entries(occasions)) {
  test(`[CTX-5] [CTX-9] it is saved at once when ${occasion}`, async ({ page, context }) => {
    const { example, clock, sent } = await openAndStop(page, context);
    await example.name.fill('Saturday');
    await example.name.press('Enter');
    await example.diet.fill('Nuts');
    await expect(example.status).toHaveText('On this device');
    const [before, stoppedAtMs] = [sent.saves.length, await clock.now()];
    await act(example);
    await expect(example.status).toHaveText('Saved');
    expect(sent.saves.length).toBeGreaterThan(before);
    expect(await clock.now()).toBe(stoppedAtMs);

    await answered(sent);
    const second = await elsewhere(context);
    // A completed session is not opened by itself.
    await second.go('Saturday');
    await expect(second.diet).toHaveValue('Nuts');
    if (occasion === 'the session is completed') await expect(second.state).toHaveText('Completed');
  });
}

test('[CTX-9] [SYNC-4] a shared value is in the sessions that are there and in those that come', async ({
  page,
}) => {
  const example = new Example(page);
  await example.open();
  await example.write('Bread');
  await example.another();
  await example.diet.fill('Nuts');
  await example.press('Write it into all my lists');
  await expect(page.getByText('Lists that have it: 2')).toBeVisible();
  await example.go('Shopping');
  await example.save();
  await expect(example.diet).toHaveValue('Nuts');
  await expect(example.items).toHaveValue('Bread');
  await example.another();
  await example.write('Nails');
  await expect(example.diet).toHaveValue('Nuts');
});

test('[CTX-9] [SYNC-4] what the server is asked for waits for a session that is not read yet', async ({
  page,
}) => {
  const example = new Example(page);
  await example.open();
  await example.write('Bread');
  // In one task: nobody clicks so fast, and no machine is slow enough to make it two.
  await page.evaluate(() => {
    const press = (words: string) =>
      [...document.querySelectorAll('button')].find((found) => found.innerText === words)?.click();
    press('Make another');
    const items = document.querySelector('textarea');
    if (items) items.value = 'Nails';
    items?.dispatchEvent(new InputEvent('input'));
    press('Write it into all my lists');
  });
  await expect(page.getByText('Lists that have it: 2')).toBeVisible();
});

test('[CTX-9] a session is named, another one made, and both are there after a reload', async ({
  page,
  context,
}) => {
  const example = new Example(page);
  await example.open();
  await expect(example.name).toHaveValue('Shopping');
  await example.write('Bread');
  await example.name.fill('Saturday');
  await example.name.press('Enter');
  await expect(example.session('Saturday')).toHaveAttribute('aria-current', 'true');
  await example.another();
  await example.write('Nails');

  await example.go('Saturday');
  await expect(example.items).toHaveValue('Bread');
  await page.reload();
  await example.ready();
  await expect(example.name).toHaveValue('Saturday');
  await expect(example.items).toHaveValue('Bread');
  await example.go('Another list');
  await expect(example.items).toHaveValue('Nails');
  await example.name.fill(' ');
  await example.name.press('Enter');
  await expect(page.getByText('1 to 255 characters')).toBeVisible();

  const second = await elsewhere(context);
  await second.go('Saturday');
  await expect(second.items).toHaveValue('Bread');
});

test('[CTX-9] on_change tells the change of another device, that of another tab and a restore apart', async ({
  page,
  context,
}) => {
  const example = new Example(page);
  await example.open();
  await example.write('Bread');
  const second = await elsewhere(context);
  await expect(second.items).toHaveValue('Bread');
  await second.people.fill('7');
  await expect(second.lastChange).toHaveText(/^ThisTab:.*\/people/);
  await second.save();
  await example.press('Save now');
  await expect(example.people).toHaveValue('7');
  await expect(example.lastChange).toHaveText(/^OtherDevice:.*\/people/);

  const beside = new Example(await context.newPage());
  await beside.open();
  await beside.people.fill('3');
  await expect(example.lastChange).toHaveText(/^OtherTab:.*\/people/);
  await expect(example.people).toHaveValue('3');

  // A restore is one in the tab that asks, in the one beside it and on the other device.
  await beside.press('Take a snapshot');
  await beside.people.fill('9');
  await beside.press('Restore it');
  for (const tab of [beside, example]) {
    await expect(tab.lastChange).toHaveText(/^Restore:.*\/people/);
    await expect(tab.people).toHaveValue('3');
  }
  await second.press('Save now');
  await expect(second.lastChange).toHaveText(/^Restore:.*\/people/);
  await expect(second.people).toHaveValue('3');
});

test('[CTX-9] [SESS-5] the server is told with the next save that a person is there, and once', async ({
  page,
  context,
}) => {
  const { example, sent } = await openAndStop(page, context);
  const active: (number | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/fn/save_context')) active.push(request.postDataBuffer()?.at(-2));
  });
  const ask = async () => {
    const before = active.length;
    await example.press('Save now');
    await expect.poll(() => active.length).toBeGreaterThan(before);
    await answered(sent);
  };
  await ask();
  await example.press('I am still here');
  await ask();
  await ask();
  expect(active).toEqual([0, 1, 0]);
});

test('[CTX-9] [CTX-11] what is half typed is there after a reload, and nowhere else', async ({
  page,
  context,
}) => {
  const example = new Example(page);
  await example.open();
  await example.items.pressSequentially('Bread');
  await example.mission.pressSequentially('019a');
  await example.press('Link the mission');
  await expect(page.getByText('That is no id of a mission')).toBeVisible();
  await example.save();
  await page.reload();
  await example.ready();
  await expect(example.mission).toHaveValue('019a');
  const second = await elsewhere(context);
  await expect(second.items).toHaveValue('Bread');
  await expect(second.mission).toHaveValue('');
});

test('[CTX-9] restore_on_mount=false: nothing is shown before the server has answered, and the journal is merged', async ({
  page,
  context,
  server,
}) => {
  const clock = await StoppedClock.install(page);
  const example = new Example(page);
  await example.open();
  await example.write('Bread');
  const second = await elsewhere(context);
  await expect(second.items).toHaveValue('Bread');
  await server.kill();
  await example.items.press('End');
  await example.items.pressSequentially(', milk');
  await expect(example.status).toHaveText(/on this device/i);
  await server.start();
  await second.people.fill('7');
  await second.save();

  const letGo = await holdSaves(page);
  await openUnanswered(page, clock);
  // Long enough for siblings that are not there.
  await clock.run(500);
  await expect(example.main).toHaveAttribute('data-ready', 'false');
  await expect(example.context).toHaveText('{}');
  await letGo();
  await example.ready();
  await expect(example.context).toHaveText('{ "items": "Bread, milk", "people": 7 }');
  await expect(example.items).toHaveValue('Bread, milk');
});

test('[CTX-9] restore_on_mount=false: a server that does not answer is waited for 3 s', async ({ page }) => {
  const clock = await StoppedClock.install(page);
  const example = new Example(page);
  await example.open();
  await example.write('Bread');
  const letGo = await holdSaves(page);
  await openUnanswered(page, clock);
  await clock.run(500);
  await clock.run(2_400);
  await expect(example.main).toHaveAttribute('data-ready', 'false');
  await clock.run(700);
  await example.ready();
  await expect(example.items).toHaveValue('Bread');
  await letGo();
});

test('[CTX-9] sync_on_mount=false: the server is asked with the first edit', async ({ page, context }) => {
  const { example, sent } = await openUnasked(page, context);
  await example.people.fill('7');
  await expect(example.status).toHaveText('Saved');
  expect(sent.saves.length).toBeGreaterThan(0);
  await expect(example.items).toHaveValue('Bread, milk');
});

test('[CTX-9] sync_on_mount=false: the server is asked with save_now()', async ({ page, context }) => {
  const { example, sent } = await openUnasked(page, context);
  await example.press('Save now');
  await expect(example.items).toHaveValue('Bread, milk');
  expect(sent.saves.length).toBeGreaterThan(0);
});

test('[CTX-9] sync_on_mount=false: the server is asked with the first interval', async ({
  page,
  context,
}) => {
  const { example, sent, clock } = await openUnasked(page, context);
  // An interval, the moment of it that is this session's, and the wait for a leader that is not there.
  await clock.run(70_000);
  await expect(example.items).toHaveValue('Bread, milk');
  expect(sent.saves.length).toBeGreaterThan(0);
});

test('[CTX-7] [CTX-9] a page of somebody else says Not saved as well', async ({ page }) => {
  const example = new Example(page);
  const alert = page.getByRole('alert').filter({ hasText: 'this page stopped' });
  await example.open();
  await example.write('Bread');
  const repair = await breakRendering(page);
  await example.press('Make another');
  await expect(alert).toBeVisible();
  await repair();
  await expect(example.status).toHaveText('Not saved');
  await expect(example.items).toHaveAttribute('readonly');
  await expectAccessible(page);
  await alert.getByRole('button', { name: 'Reload' }).click();
  await example.ready();
  await example.go('Shopping');
  await expect(example.items).toHaveValue('Bread');
});

/** The page in another browser of the same guest. */
async function elsewhere(context: BrowserContext): Promise<Example> {
  const second = new Example(await (await sameGuest(context)).newPage());
  await second.open();
  return second;
}

/** A page whose clock stands still, its session known to the server. */
async function openAndStop(page: Page, context: BrowserContext) {
  const clock = await StoppedClock.install(page);
  const sent = new SentRecord();
  await sent.attach(context);
  const example = new Example(page);
  await example.open();
  await example.write('.');
  await answered(sent);
  await clock.stop();
  // What a timer began in its last second is over.
  await answered(sent);
  return { example, clock, sent };
}

/** A page that has asked for nothing yet, though there is news: its clock stands still. */
async function openUnasked(page: Page, context: BrowserContext) {
  const clock = await StoppedClock.install(page);
  const example = new Example(page);
  await example.open();
  await example.write('Bread');
  const second = await elsewhere(context);
  await expect(second.items).toHaveValue('Bread');
  await page.goto('/healthz');
  await second.write(', milk');

  const sent = new SentRecord();
  await sent.attach(context);
  await example.open('?sync_on_mount=false');
  await clock.stop();
  await clock.run(20_000);
  await answered(sent);
  expect(sent.saves).toHaveLength(0);
  await expect(example.items).toHaveValue('Bread');
  return { example, clock, sent };
}

/** Opens it where nothing is shown before the server has answered, which it was asked to do. The clock stands still. */
async function openUnanswered(page: Page, clock: StoppedClock): Promise<void> {
  await clock.stop();
  // What the page that is left sends is not the question.
  await page.goto('/healthz');
  const asked = page.waitForRequest('**/fn/save_context');
  await page.goto('/example?restore_on_mount=false');
  await asked;
}

/** Keeps saves from the server until the answer is called. */
async function holdSaves(page: Page): Promise<() => Promise<void>> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/fn/save_context', async (route) => {
    await held;
    await route.continue();
  });
  return async () => {
    letGo();
    await page.unrouteAll({ behavior: 'wait' });
  };
}

/** Waits until the page has the answer to everything it sent. */
async function answered(sent: SentRecord): Promise<void> {
  await expect.poll(() => sent.answered).toBe(true);
}
