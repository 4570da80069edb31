import type { Locator } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { anotherBrowser } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

// What somebody else changes in the text is marked where it is, for a moment.

// Without motion a mark has its colour until it goes.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('[TAB-3] what another tab types is marked in its colour, and nothing stays behind', async ({
  workspace,
  context,
}) => {
  const { page, notes } = workspace;
  await workspace.type('Ferry at 15:00');
  await workspace.save();
  const beside = await Workspace.at(await context.newPage(), `/s/${await workspace.sessionId()}`);
  await page.bringToFront();
  const [here, there] = [await recordMarks(workspace), await recordMarks(beside)];
  await beside.type(', bring the stove');
  await expect(notes).toHaveValue('Ferry at 15:00, bring the stove');
  await expect.poll(() => here().then((seen) => seen.length)).toBeGreaterThan(0);
  const colour = opaque(await background(workspace.presence.nth(1).locator('.presence-dot')));
  for (const mark of await here()) {
    expect(mark.text).toMatch(/^[, bringthesov]+$/);
    expect(mark.peer).toMatch(/^\d$/);
    expect(opaque(mark.colour)).toEqual(colour);
  }
  await expect(page.locator('.document-mirror .peer-edit')).toHaveCount(0);
  // One's own typing is never marked.
  const before = (await here()).length;
  await workspace.type('.');
  await expect.poll(() => there().then((seen) => seen.map(({ text }) => text))).toEqual(['.']);
  expect(await here()).toHaveLength(before);
});

test("[TAB-3] what another device changed is marked, in no tab's colour", async ({ workspace, context }) => {
  await workspace.type('Ferry at 15:00');
  await workspace.save();
  const other = await anotherBrowser(context, await workspace.sessionId());
  const seen = await recordMarks(workspace);
  await other.type(', stove');
  await other.save();
  await workspace.page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect.poll(() => seen().then((seen) => seen.length)).toBeGreaterThan(0);
  const colour = opaque(await background(workspace.presence.nth(0).locator('.presence-dot')));
  for (const mark of await seen()) {
    expect(', stove').toContain(mark.text);
    expect(mark.peer).toBeUndefined();
    expect(opaque(mark.colour)).not.toEqual(colour);
  }
});

/** A mark as it was when it came. */
interface Mark {
  text: string;
  peer: string | undefined;
  colour: string;
}

/** From now on notes every mark in a text: they go after two seconds. The answer tells those that there were. */
async function recordMarks({ page }: Workspace): Promise<() => Promise<Mark[]>> {
  const all = await page.evaluateHandle(() => {
    const all: Mark[] = [];
    const seen = new WeakSet<Element>();
    const look = () => {
      for (const mark of document.querySelectorAll<HTMLElement>('.document-mirror .peer-edit')) {
        if (seen.has(mark) || !mark.textContent) continue;
        seen.add(mark);
        const { backgroundColor: colour } = getComputedStyle(mark);
        all.push({ text: mark.textContent, peer: mark.dataset['peer'], colour });
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
    return all;
  });
  return () => all.jsonValue();
}

async function background(element: Locator): Promise<string> {
  return element.evaluate((element) => getComputedStyle(element).backgroundColor);
}

/** Red, green and blue of a computed colour, 0 to 255: `rgb(194, 65, 12)` or `color(srgb 0.76 0.25 0.05 / 0.28)`. */
function opaque(colour: string): number[] {
  const [red = NaN, green = NaN, blue = NaN] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue].map((part) => (colour.startsWith('color') ? Math.round(part * 255) : part));
}
