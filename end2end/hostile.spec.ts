import type { Route } from '@playwright/test';

import { anotherBrowser, plainPage } from './support/browsers.ts';
import { say } from './support/channel.ts';
import {
  forged,
  hostile,
  mutated,
  nestedOneByOne,
  ofAnotherBatch,
  sound,
  truncated,
  withNews,
} from './support/forged.ts';
import { Journal } from './support/journal.ts';
import type { State } from './support/indicator.ts';
import { spoil, wrongTypes } from './support/spoilt.ts';
import { expect, test } from './support/test.ts';

// The fixture `workspace` fails each of these on any error that the page did not handle.

const refusals = /^(malformed|limit_exceeded|schema)$/;

test('[SYNC-5] hostile updates from another tab are refused with a code, and work goes on', async ({
  workspace,
  context,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('mine');
  await workspace.save();
  const look = await plainPage(context);
  // A page behind another is drawn once a second.
  await workspace.page.bringToFront();
  const bar = workspace.bars.locator('[data-code]');
  for (const [name, update] of Object.entries(hostile)) {
    for (const message of [forged.edited(update), forged.settled(update)]) {
      await say(look, session, [message]);
      await expect(bar, name).toHaveAttribute('data-code', refusals);
      await expect(bar).toContainText('was refused');
      await bar.getByRole('button', { name: 'Dismiss' }).click();
      await expect(bar).toHaveCount(0);
    }
  }
  await say(look, session, truncated(sound()).map(forged.edited));
  await expect(bar).toHaveAttribute('data-code', refusals);
  // One refusal after the other comes: dismissed until there is no more.
  await expect(async () => {
    if (await bar.isVisible()) await bar.getByRole('button', { name: 'Dismiss' }).click({ timeout: 1_000 });
    await expect(bar).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
  await say(look, session, nestedOneByOne(5_000).map(forged.settled));
  await expect(bar).toHaveAttribute('data-code', refusals);
  // Some of these are sound again, and say something else.
  await say(look, session, mutated(sound(), 500).map(forged.settled));
  await say(look, session, mutated(forged.edited(sound()), 500).map(withMark));

  await workspace.type(' and on');
  await expect(workspace.notes).toHaveValue('mine and on');
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('mine and on');
  const other = await anotherBrowser(context, session);
  await expect(other.notes).toHaveValue(/^mine/);
});

test('[TAB-6] a message of another version is met with one offer to reload, and work goes on', async ({
  workspace,
  context,
}) => {
  const session = await workspace.sessionId();
  const look = await plainPage(context);
  const newer = forged.edited(sound());
  newer[2] = 9;
  await say(look, session, [newer, newer]);
  const bar = workspace.bars.locator('[data-code="unsupported_version"]');
  await expect(bar).toContainText('nothing is lost');
  await workspace.type('typed beside a newer tab');
  await workspace.save();
  await bar.getByRole('button', { name: 'Reload' }).click();
  await workspace.ready();
  await expect(workspace.notes).toHaveValue('typed beside a newer tab');
  // Asked once: it could be asked for ever.
  await say(look, session, [newer]);
  await workspace.type('.');
  await workspace.save();
  await expect(bar).toHaveCount(0);
});

type Answer = Parameters<Route['fulfill']>[0];
const html = { contentType: 'text/html', body: '<!doctype html><title>Sign in to this hotel</title>' };
const binary = (body: Uint8Array): Answer => ({
  contentType: 'application/octet-stream',
  body: Buffer.from(body),
});

/** What comes instead of the server's own answer, what is shown then, and with which code. */
const answers: Record<string, [(reply: Buffer) => Answer, State, RegExp?]> = {
  'a page of a captive portal': [() => ({ status: 200, ...html }), 'offline'],
  'a page of a proxy': [() => ({ status: 502, ...html }), 'offline'],
  nothing: [() => binary(new Uint8Array()), 'offline'],
  'other bytes': [() => binary(Buffer.from('not ours at all')), 'offline'],
  'half an answer': [(reply) => binary(reply.subarray(0, reply.length / 2)), 'offline'],
  'JSON of something else': [() => ({ json: { ok: true } }), 'offline'],
  'an error that nobody knows': [() => ({ status: 500, json: { code: 'nonsense' } }), 'offline'],
  'the answer to another request': [(reply) => binary(ofAnotherBatch(reply)), 'offline'],
  'another version': [() => binary(Buffer.from('HF\x09\x00')), 'not_saved', /^unsupported_version$/],
  'a refusal': [() => ({ status: 422, json: { code: 'schema', reason: 'a test' } }), 'not_saved', /^schema$/],
  ...Object.fromEntries(
    Object.entries(hostile).map(([name, update]) => [
      `an update with ${name}`,
      [(reply: Buffer) => binary(withNews(reply, update)), 'not_saved', refusals] as const,
    ]),
  ),
};

test('[SYNC-5] [CTX-7] a poisoned answer to a save is refused, shown as what it is, and saved later', async ({
  workspace,
  context,
}) => {
  test.setTimeout(180_000);
  let typed = '';
  await workspace.type('.');
  await workspace.save();
  await workspace.notes.fill('');
  await workspace.save();
  for (const [name, [answer, state, code]] of Object.entries(answers)) {
    await test.step(name, async () => {
      await workspace.page.route('**/fn/save_context', async (route) => {
        const reply = await route.fetch();
        await route.fulfill(answer(await reply.body()));
      });
      await workspace.type(`${name}; `);
      typed += `${name}; `;
      await workspace.page.keyboard.press('Control+s');
      await workspace.shows(state);
      if (code) await expect(workspace.indicator).toHaveAttribute('data-code', code);
      await expect(workspace.notes).toHaveValue(typed);
      // One may be under way.
      await workspace.page.unrouteAll({ behavior: 'wait' });
      await workspace.save();
    });
  }
  await workspace.reload();
  await expect(workspace.notes).toHaveValue(typed);
  const other = await anotherBrowser(context, await workspace.sessionId());
  await expect(other.notes).toHaveValue(typed);
});

test('[SYNC-5] [SESS-2] a page that gets nothing but nonsense opens with what is on this device', async ({
  workspace,
}) => {
  await workspace.type('kept; ');
  await workspace.save();
  const session = await workspace.sessionId();
  // The server may be faster than the disk.
  const kept = async () => (await Journal.read(workspace.page, session)).text('/notes');
  await expect.poll(kept).toBe('kept; ');
  await workspace.page.route('**/fn/*', (route) => route.fulfill({ status: 200, ...html }));
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('kept; ');
  await workspace.type('and on');
  await workspace.shows('offline', 'on_device');
  await workspace.page.unrouteAll({ behavior: 'wait' });
  await workspace.save();
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('kept; and on');
});

test('[CTX-1] values of the wrong type in settings and fields are shown or left alone', async ({
  workspace,
  context,
}) => {
  const session = await workspace.sessionId();
  await workspace.type('kept; ');
  await workspace.save();
  const look = await plainPage(context);
  await look.evaluate(spoil, session);
  await say(look, session, [forged.edited(wrongTypes())]);
  await expect(workspace.fields.all).toContainText('odd');
  await expect(workspace.fields.all).toContainText('plain');
  // No tab of this browser has it in its journal.
  await workspace.save();

  await workspace.page.evaluate(() => {
    sessionStorage.setItem('holdfast.label', '{"not": "a label"}');
    sessionStorage.setItem('holdfast.reload-offered', '"never"');
  });
  await workspace.reload();
  await expect(workspace.notes).toHaveValue('kept; ');
  await expect(workspace.fields.all).toContainText('odd');
  await workspace.type('and on');
  await workspace.save();
  await workspace.open('/');
  await expect(workspace.notes).toHaveValue('kept; and on');
});

/** A message keeps its format's mark: one of another format would be met as such. */
function withMark(message: Uint8Array): Uint8Array {
  return Uint8Array.from([0x48, 0x46, 1, 0, ...message.slice(4)]);
}
