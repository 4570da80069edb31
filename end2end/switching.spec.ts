import { plainPage } from './support/browsers.ts';
import { StoppedClock } from './support/clock.ts';
import { holdJournal } from './support/storage.ts';
import { expect, test } from './support/test.ts';

test('[CTX-8] what is typed while a session is read stays its own when another is opened', async ({
  workspace,
  context,
}) => {
  const { page, sessions, notes } = workspace;
  const first = await workspace.sessionId();
  await workspace.name.fill('First');
  await workspace.type('kept; ');
  await workspace.save();
  await sessions.create();
  await expect(notes).toHaveValue('');
  await workspace.name.fill('Second');
  await workspace.type('other');
  await workspace.save();
  const look = await plainPage(context);
  const letGo = await holdJournal(look);

  // Without time, no journal is given up because it does not answer.
  const clock = await StoppedClock.install(page);
  await clock.stop();
  await page.goto(`/s/${first}`);
  await sessions.link('Second').waitFor();
  await notes.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('typed early');
  expect(await page.locator('.shell').getAttribute('data-ready')).toBe('false');
  await sessions.open('Second');
  await letGo();
  await clock.go();
  await expect(notes).toHaveValue('other');
  await workspace.ready();
  await sessions.open('First');
  // Whether the journal was read in time decides which comes first.
  await expect(notes).toHaveValue(/kept; /);
  await expect(notes).toHaveValue(/typed early/);
  expect(await notes.inputValue()).toHaveLength('kept; typed early'.length);
  await workspace.save();
});
