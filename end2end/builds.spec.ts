import type { BrowserContext } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { type Reads, asNextBuild } from './support/other_build.ts';
import { plainPage } from './support/browsers.ts';
import { formatsStored } from './support/foreign.ts';
import { expect, test } from './support/test.ts';

// Two builds of the page open together, as after the server was renewed: this one is the old one.

// A tab that understands no sibling has the server's news from the interval.
test.use({ settings: { HOLDFAST_AUTOSAVE_INTERVAL_SECONDS: '5' } });

for (const reads of ['reads the old', 'reads only its own'] as const) {
  test(`[TAB-6] beside a newer build that ${reads} an old tab's edits are saved, and it asks for a reload once`, async ({
    workspace: old,
    context,
    truth,
  }) => {
    const session = await old.sessionId();
    await old.type('old; ');
    await old.save();
    let loads = 0;
    old.page.on('load', () => (loads += 1));
    const next = await openNext(context, session, reads);
    await expect(next.notes).toHaveValue('old; ');
    const offer = old.bars.locator('[data-code="unsupported_version"]');
    await expect(offer).toContainText('nothing is lost');
    await next.type('new; ');
    await expect(old.notes).toHaveValue('old; new; ');
    await old.type('old again; ');
    await expect(next.notes).toHaveValue('old; new; old again; ');
    for (const tab of [old, next]) await tab.save();

    await offer.getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => loads).toBe(1);
    await old.ready();
    // A cache gave it the same build.
    await next.type('new again; ');
    await expect(old.notes).toHaveValue('old; new; old again; new again; ');
    await old.type('and on');
    for (const tab of [old, next]) await tab.save();
    await expect(next.notes).toHaveValue('old; new; old again; new again; and on');
    await expect(offer).toHaveCount(0);
    expect(loads, 'loads of the old page').toBe(1);
    expect(await truth.confirmServer(context, session)).toBe('old; new; old again; new again; and on');
  });
}

test('[TAB-6] what an old tab left in the journal the newer build takes over and saves, and nothing is left', async ({
  workspace: old,
  context,
  server,
  truth,
}) => {
  const session = await old.sessionId();
  await old.type('known; ');
  await old.save();
  const look = await plainPage(context);
  await server.kill();
  await old.type('old, offline; ');
  await old.shows('offline', 'on_device');
  expect(await formatsStored(look, session)).toEqual([1]);
  await old.page.close();

  await server.start();
  const again = await openNext(context, session, 'reads the old');
  await expect(again.notes).toHaveValue('known; old, offline; ');
  await again.type('and on');
  await again.save();
  await expect.poll(() => formatsStored(look, session)).toEqual([]);
  expect(await truth.confirmServer(context, session)).toBe('known; old, offline; and on');
});

test('[TAB-6] what a newer build left in the journal an old one leaves there, and the newer one saves it', async ({
  context,
  server,
  truth,
}) => {
  const first = await Workspace.at(await context.newPage());
  await first.type('known; ');
  await first.save();
  const session = await first.sessionId();
  await first.page.close();
  const look = await plainPage(context);
  const next = await openNext(context, session, 'reads the old');
  await server.kill();
  await next.type('new, offline; ');
  await next.shows('offline', 'on_device');
  await next.page.close();
  await server.start();

  const old = await Workspace.at(await context.newPage(), `/s/${session}`);
  await expect(old.bars.locator('[data-code="unsupported_version"]')).toContainText('nothing is lost');
  await old.type('old; ');
  await old.save();
  await old.reload();
  await old.type('and old; ');
  await old.save();
  await expect.poll(() => formatsStored(look, session)).toEqual([2]);
  await old.page.close();

  const again = await openNext(context, session, 'reads the old');
  await again.save();
  const text = await truth.confirmServer(context, session);
  await expect(again.notes).toHaveValue(text);
  for (const part of ['known; ', 'new, offline; ', 'old; and old; ']) expect(text).toContain(part);
  expect(text).toHaveLength('known; new, offline; old; and old; '.length);
  await expect.poll(() => formatsStored(look, session)).toEqual([]);
});

async function openNext(context: BrowserContext, session: string, reads: Reads): Promise<Workspace> {
  const page = await context.newPage();
  await asNextBuild(page, reads);
  const workspace = await Workspace.at(page, `/s/${session}`);
  return workspace;
}
