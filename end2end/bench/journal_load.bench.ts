import type { Page } from '@playwright/test';
import * as Y from 'yjs';

import { Workspace } from '../pages/workspace.ts';
import { plainPage } from '../support/browsers.ts';
import { Journal } from '../support/journal.ts';
import { expect, test } from '../support/test.ts';
import { measuring, measuredIn } from './page.ts';
import { report } from './rows.ts';
import { median, ms } from './samples.ts';

const updates = 10_000;
/** Characters of each, 1 MB in all. */
const characters = 100;
const loads = 7;

test('a journal of 10,000 updates and of their base, to the context on the page', async ({
  page,
  context,
}) => {
  const workspace = await Workspace.at(page);
  const session = await workspace.sessionId();
  await workspace.save();
  await page.goto('about:blank');
  const look = await plainPage(context);
  await Journal.write(look, session, typed());
  // Nobody takes them in before they are measured.
  await context.route('**/fn/*', (route) => route.abort());
  await measuring(page);
  const apart = await load(page, session);

  await context.unroute('**/fn/*');
  await page.reload();
  await workspace.ready();
  await workspace.save();
  await expect
    .poll(async () => (await Journal.read(look, session)).bases.length, { timeout: 120_000 })
    .toBeGreaterThan(0);
  await context.route('**/fn/*', (route) => route.abort());
  const compacted = await load(page, session);
  await report(
    row('journal load, 10,000 updates of 1 MB, to the context on the page', apart, 150),
    row('journal load, the same compacted', compacted, 80),
  );
});

function row(what: string, took: number[], target: number) {
  const [middle, least, most] = [median(took), Math.min(...took), Math.max(...took)];
  const measured = `${ms(middle, 0)} (${least.toFixed(0)} to ${most.toFixed(0)})`;
  return { what, target: `≤ ${target} ms`, measured, beside: '', met: middle <= target };
}

/** What somebody wrote line by line at the end of a text. */
function typed(): Uint8Array[] {
  const made: Uint8Array[] = [];
  const document = new Y.Doc();
  document.on('update', (update: Uint8Array) => made.push(update));
  const notes = document.getText('text:/notes');
  for (let update = 0; update < updates; update += 1) {
    notes.insert(notes.length, `${`${update} `.padEnd(characters - 1, 'ferry to Moskenes ')}\n`);
  }
  return made;
}

/** Opens the session again and again: from the opening of the database until the page is given what is in it. */
async function load(page: Page, session: string): Promise<number[]> {
  const workspace = new Workspace(page);
  const took: number[] = [];
  for (let round = 0; round < loads; round += 1) {
    await workspace.open(`/s/${session}`);
    await expect.poll(async () => (await workspace.notes.inputValue()).length).toBe(updates * characters);
    const { opened, written } = await measuredIn(page);
    const shown = written.find(({ length }) => length === updates * characters);
    took.push((shown?.at ?? NaN) - (opened ?? NaN));
  }
  return took;
}
