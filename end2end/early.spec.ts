import type { Page } from '@playwright/test';

import { Example } from './pages/example.ts';
import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { Journal } from './support/journal.ts';
import { close } from './support/close.ts';
import { crash } from './support/crash.ts';
import { holdProgram, slowPage } from './support/program.ts';
import { holdJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';
import { setVisible } from './support/visibility.ts';

// What is typed before the program runs, or before it has read the journal.

test('[CTX-8] what is typed while the page loads is kept, to the letter', async ({ page, server }) => {
  const workspace = new Workspace(page);
  const arrive = await holdProgram(page);
  await page.goto('/', { waitUntil: 'commit' });
  await workspace.notes.focus();
  await page.keyboard.type('before the program');
  expect(await page.locator('.shell').getAttribute('data-ready')).toBe('false');
  arrive();
  // And on, over the moment in which the page comes to life.
  const sentence = ', while it starts, and after it has begun to keep what is typed into it';
  let typed = 'before the program';
  for (let at = 0; at < sentence.length || !(await isReady(page)); at += 1) {
    const letter = sentence[at % sentence.length] ?? '';
    await page.keyboard.type(letter);
    typed += letter;
  }
  await workspace.ready();
  await expect(workspace.notes).toHaveValue(typed);

  await server.kill();
  await workspace.shows('on_device', 'offline', 'saved');
  await server.start();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue(typed);
});

test('[CTX-8] what is typed before the journal is read is kept, also when its field is left', async ({
  workspace,
  context,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('kept from before; ');
  await workspace.shows('on_device', 'saved');
  const look = await plainPage(context);
  const letGo = await holdJournal(look);

  // Without time, no journal is given up because it does not answer.
  const clock = await StoppedClock.install(workspace.page);
  await clock.stop();
  await workspace.page.goto(`/s/${session}`);
  // The program runs: the list is its own.
  await workspace.sessions.link('Untitled').waitFor();
  await workspace.notes.focus();
  await workspace.page.keyboard.type('typed early, then away');
  await workspace.goTo('History');
  await expect(workspace.notes).toHaveCount(0);
  expect(await workspace.page.locator('.shell').getAttribute('data-ready')).toBe('false');
  await letGo();
  await clock.go();
  await workspace.ready();
  await workspace.goTo('Notes');
  await expect(workspace.notes).toHaveValue(/kept from before; /);
  await expect(workspace.notes).toHaveValue(/typed early, then away/);
  expect(await workspace.notes.inputValue()).toHaveLength('kept from before; typed early, then away'.length);
});

test('[CTX-8] what is typed while the page loads joins the text that the journal has', async ({
  workspace,
}) => {
  const { page, notes } = workspace;
  const session = await workspace.sessionId();
  await workspace.type('kept from before; ');
  await workspace.shows('on_device', 'saved');
  const arrive = await holdProgram(page);
  await page.goto(`/s/${session}`, { waitUntil: 'commit' });
  await notes.focus();
  await page.keyboard.type('typed early');
  arrive();
  await page.keyboard.type(', and on');
  await workspace.ready();
  await expect(notes).toHaveValue(/kept from before; /);
  await expect(notes).toHaveValue(/typed early, and on/);
  // The caret stayed where it was typed.
  await page.keyboard.type(' further');
  await expect(notes).toHaveValue(/typed early, and on further/);
  const together = await notes.inputValue();
  expect(together).toHaveLength('kept from before; typed early, and on further'.length);
  await workspace.reload();
  await expect(notes).toHaveValue(together);
});

test('[CTX-8] a field that a page renders itself keeps what is typed into it early', async ({ page }) => {
  // Ours come from the journal. This one stands in the document, as in a page of somebody else.
  const field = '<input aria-label="Budget" type="number" data-path="/budget" value="3">';
  await addField(page, field);
  const arrive = await holdProgram(page);
  const workspace = new Workspace(page);
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByLabel('Budget').fill('2400');
  arrive();
  await workspace.ready();
  await workspace.shows('on_device', 'saved');
  const journal = await Journal.read(page, await workspace.sessionId());
  expect(journal.value('/budget')).toBe(2400);
});

/** Ways for a page to be gone before its program runs. */
const ways: Record<string, (page: Page) => Promise<unknown>> = {
  reloaded: (page) => page.reload({ waitUntil: 'commit' }),
  left: (page) => page.goto('/healthz'),
  closed: close,
  killed: async (page) => {
    await crash(page);
    await page.close();
  },
};

for (const [way, leave] of Object.entries(ways)) {
  test(`[CTX-8] what is typed into a page that is ${way} before its program runs is there when it is opened again`, async ({
    context,
    truth,
  }) => {
    const first = await slowPage(context, '/');
    await first.notes.focus();
    await first.page.keyboard.type('typed early; ');
    await leave(first.page);
    const workspace = await Workspace.at(await context.newPage());
    await expect(workspace.notes).toHaveValue('typed early; ');
    await workspace.save();
    const session = await workspace.sessionId();

    // And into a session that has a text already, twice: each page was slow.
    for (const text of ['and ', 'again']) {
      const next = await slowPage(context, `/s/${session}`);
      await expect(next.notes).toHaveValue('typed early; ');
      await next.notes.focus();
      await next.page.keyboard.press('Control+End');
      await next.page.keyboard.type(text);
      await leave(next.page);
    }
    const again = await Workspace.at(await context.newPage(), `/s/${session}`);
    await expect(again.notes).toHaveValue('typed early; and again');
    // Once: it is nowhere else any more.
    await again.reload();
    await again.save();
    expect(await truth.confirm(context, session, [again])).toBe('typed early; and again');
    expect(await aside(again.page)).toEqual([]);
  });
}

test('[CTX-8] a page that is slow to start keeps what was typed into it for itself', async ({ context }) => {
  const slow = await slowPage(context, '/');
  await slow.notes.focus();
  await slow.page.keyboard.type('typed into the slow one; ');
  const quick = await Workspace.at(await context.newPage());
  const session = await quick.sessionId();
  await quick.type('typed into the quick one; ');
  await quick.save();
  await setVisible(quick.page, true);
  expect(await aside(quick.page)).toHaveLength(1);
  await expect(quick.notes).toHaveValue('typed into the quick one; ');

  slow.arrive();
  await slow.ready();
  for (const tab of [slow, quick]) {
    await expect(tab.notes).toHaveValue(/typed into the slow one; /);
    await expect(tab.notes).toHaveValue(/typed into the quick one; /);
    expect(await tab.notes.inputValue()).toHaveLength(
      'typed into the slow one; typed into the quick one; '.length,
    );
  }
  expect(await slow.sessionId()).toBe(session);
  expect(await aside(quick.page)).toEqual([]);
});

test('[CTX-8] what is typed into a page that is closed before its program runs is shown by the tab beside it', async ({
  workspace,
  context,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('here; ');
  await workspace.save();
  const slow = await slowPage(context, `/s/${session}`);
  await slow.notes.focus();
  await slow.page.keyboard.press('Control+End');
  await slow.page.keyboard.type('typed early');
  await close(slow.page);
  // As closing a tab shows the one before it; the browser frees its lock a moment later.
  await expect(async () => {
    await setVisible(workspace.page, true);
    await expect(workspace.notes).toHaveValue('here; typed early', { timeout: 500 });
  }).toPass();
  await workspace.shows('on_device', 'saved');
});

test('[CTX-8] where the browser has no locks, what was typed early is there once', async ({ context }) => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
  });
  const first = await Workspace.at(await context.newPage());
  const session = await first.sessionId();
  const slow = await slowPage(context, `/s/${session}`);
  await slow.notes.focus();
  await slow.page.keyboard.type('slow; ');
  await first.reload();
  await first.type('here; ');
  slow.arrive();
  await slow.ready();
  for (const tab of [slow, first]) {
    await expect(tab.notes).toHaveValue(/slow; /);
    await expect(tab.notes).toHaveValue(/here; /);
    expect(await tab.notes.inputValue()).toHaveLength('slow; here; '.length);
  }

  const left = await slowPage(context, `/s/${session}`);
  await left.notes.focus();
  await left.page.keyboard.type('left; ');
  await left.page.goto('/healthz');
  await first.reload();
  await expect(first.notes).toHaveValue(/left; /);
  expect(await first.notes.inputValue()).toHaveLength('slow; here; left; '.length);
});

test('[CTX-8] a value that was changed back before the program runs stays as it is', async ({
  workspace,
}) => {
  const { page } = workspace;
  const example = new Example(page);
  await example.open();
  const { people } = example;
  await people.fill('4');
  await expect(example.status).toHaveText(/^(On this device|Saved)$/);
  const arrive = await holdProgram(page);
  await page.reload({ waitUntil: 'commit' });
  await people.fill('3');
  expect(await aside(page)).toHaveLength(1);
  await people.fill('');
  expect(await aside(page)).toEqual([]);
  arrive();
  await expect(people).toHaveValue('4');
});

test('[CTX-8] what another build put aside is left to it, and what nobody can read where it is', async ({
  workspace,
}) => {
  const session = await workspace.sessionId();
  const kept = await workspace.page.evaluate((session) => {
    const note = (path: string, text: string) => ({ path, kind: 'textarea', rendered: '', held: { text } });
    const values = [
      { format: 2, left: true, typed: [note('/notes', 'of another build')] },
      { format: 1, left: true, typed: [note('notes', 'at no path'), note('/notes', 'read'), 42] },
    ];
    for (const [at, value] of values.entries()) {
      localStorage.setItem(`holdfast.early.first.${session}.${at}-x`, JSON.stringify(value));
    }
    return JSON.stringify(values[0]);
  }, session);
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('read');
  await workspace.save();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('read');
  const left = await aside(workspace.page);
  expect(left).toContain(kept);
  expect(left.join('')).toContain('at no path');
  expect(left.join('')).not.toContain('"read"');
});

test('[CTX-8] [SEC-8] a password is never put aside', async ({ page }) => {
  const field = '<input aria-label="Password" type="password" data-path="/password">';
  await addField(page, field);
  await holdProgram(page);
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByLabel('Password').fill('hunter2');
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('a text');
  expect(await aside(page)).toEqual([expect.stringContaining('a text')]);
  expect((await aside(page)).join('')).not.toContain('hunter2');
});

/** Lets the document that the server renders have one more field. */
async function addField(page: Page, field: string): Promise<void> {
  await page.route('**/', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('</body>', `${field}</body>`);
    await route.fulfill({ response, body });
  });
}

/** What pages put aside for the next one. */
async function aside(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Object.entries({ ...localStorage })
      .filter(([key]) => key.startsWith('holdfast.early.'))
      .map(([, value]) => String(value)),
  );
}

async function isReady(page: Page): Promise<boolean> {
  return (await page.locator('.shell').getAttribute('data-ready')) === 'true';
}
