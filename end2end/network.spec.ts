import type { CDPSession, Page, Route } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { plainPage } from './support/browsers.ts';
import type { State } from './support/indicator.ts';
import { Journal } from './support/journal.ts';
import { expect, test } from './support/test.ts';

// What stands between a page and its server: slow lines, proxies, portals. The page says what is, keeps
// everything, tries again with patience, and nobody has to do anything for it to go on.

type Answer = (route: Route) => Promise<void>;

const html = (status: number, words: string): Answer => {
  const body = `<!doctype html><title>${words}</title><h1>${words}</h1>`;
  return (route) => route.fulfill({ status, contentType: 'text/html', body });
};
const coded = (status: number, error: object): Answer => {
  const body = JSON.stringify({ message: 'Words.', ...error });
  return (route) => route.fulfill({ status, contentType: 'application/json', body });
};

const answers: Record<string, { answer: Answer; shows: State; committed?: true }> = {
  'a proxy that finds it too large (413, HTML)': { answer: html(413, 'Too Large'), shows: 'offline' },
  'a proxy that asks for patience (429, HTML)': { answer: html(429, 'Too Many'), shows: 'offline' },
  'a proxy without its server (503, HTML)': { answer: html(503, 'Unavailable'), shows: 'offline' },
  'a portal that answers with its page (200, HTML)': { answer: html(200, 'Sign in'), shows: 'offline' },
  'a portal that redirects to its page': {
    answer: (route) => route.fulfill({ status: 302, headers: { location: '/healthz' } }),
    shows: 'offline',
  },
  'a portal that answers with nothing (204)': {
    answer: (route) => route.fulfill({ status: 204 }),
    shows: 'offline',
  },
  'a server that is too busy (503)': {
    answer: coded(503, { code: 'unavailable' }),
    shows: 'offline',
  },
  'a server that asks for patience (429)': {
    answer: coded(429, { code: 'rate_limited', retry_after_ms: 500 }),
    shows: 'on_device',
  },
  'a server without room (507)': { answer: coded(507, { code: 'storage_full' }), shows: 'not_saved' },
  'a line that loses the answer after the commit': {
    answer: async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    },
    shows: 'offline',
    committed: true,
  },
  'a line that cuts the answer after the commit': {
    answer: async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      await route.fulfill({ response, body: body.subarray(0, body.length / 2) });
    },
    shows: 'offline',
    committed: true,
  },
};

for (const [name, { answer, shows, committed }] of Object.entries(answers)) {
  test(`[SYNC-3] [SYNC-6] [CTX-7] ${name}: kept, told, and saved when it is gone`, async ({
    workspace,
    context,
    saves,
    truth,
  }) => {
    const { page, notes } = workspace;
    const session = await workspace.sessionId();
    await workspace.type('before; ');
    await workspace.save();
    let tries = 0;
    await page.route('**/fn/save_context', (route) => {
      tries += 1;
      return answer(route);
    });
    await workspace.type('while it is so; ');
    await page.keyboard.press('Control+s');
    await workspace.shows(shows);
    await expect.poll(() => tries, 'it tries again by itself').toBeGreaterThan(1);
    await workspace.shows(shows);
    await page.keyboard.type('and on');
    await expect(notes).toBeFocused();
    const text = 'before; while it is so; and on';
    await expect(notes).toHaveValue(text);
    await expect.poll(() => stored(page, session), 'what is on this device').toBe(text);
    // Each wait is longer than the one before, up to 30 s: it never asks as fast as it is answered.
    expect(tries).toBeLessThan(12);
    const acknowledged = saves.acknowledged.length;

    await page.unrouteAll({ behavior: 'wait' });
    await saved(workspace);
    await expect(workspace.bars.locator('.bar')).toHaveCount(0);
    if (!committed) await expect.poll(() => saves.acknowledged.length).toBeGreaterThan(acknowledged);
    expect(await truth.confirm(context, session, [workspace])).toBe(text);
  });
}

test('[SYNC-3] [CTX-8] behind a portal that answers everything a page comes back with all of it', async ({
  workspace,
  context,
  truth,
}) => {
  const { page } = workspace;
  const session = await workspace.sessionId();
  await workspace.type('before; ');
  await workspace.save();
  await context.route('**/*', html(200, 'Sign in to the network'));
  await workspace.type('behind the portal');
  await page.keyboard.press('Control+s');
  await workspace.shows('offline');
  await page.reload();
  await expect(page.getByRole('heading')).toHaveText('Sign in to the network');
  await context.unrouteAll({ behavior: 'wait' });
  await page.reload();
  await workspace.ready();
  await expect(workspace.notes).toHaveValue('before; behind the portal');
  await saved(workspace);
  expect(await truth.confirm(context, session, [workspace])).toBe('before; behind the portal');
});

test('[SYNC-3] [CTX-2] on a slow line that breaks in the middle of a save nothing waits for it', async ({
  workspace,
  context,
  truth,
}) => {
  const { page, notes } = workspace;
  const session = await workspace.sessionId();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const text = 'ferry at 15:00; '.repeat(3_000);
  await line(network, { latency: 400, uploadThroughput: 20_000 });
  // 48 kB take seconds.
  const sent = page.waitForRequest('**/fn/save_context');
  await notes.fill(text);
  await page.keyboard.press('Control+s');
  await sent;
  await workspace.type('typed meanwhile; ');
  await expect(notes).toHaveValue(`${text}typed meanwhile; `);
  await expect.poll(() => stored(page, session), 'on this device').toBe(`${text}typed meanwhile; `);
  await workspace.shows('on_device');

  await line(network, { offline: true });
  await workspace.shows('offline');
  await page.keyboard.type('and while it is gone');
  await line(network, { latency: 400, uploadThroughput: 50_000 });
  await saved(workspace);
  const all = `${text}typed meanwhile; and while it is gone`;
  expect(await truth.confirm(context, session, [workspace])).toBe(all);
});

/** What is not said is as fast as it can be. */
async function line(
  network: CDPSession,
  conditions: { offline?: boolean; latency?: number; uploadThroughput?: number },
): Promise<void> {
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
    ...conditions,
  });
}

/** By itself, at the next try. */
async function saved(workspace: Workspace): Promise<void> {
  await expect(workspace.indicator).toHaveAttribute('data-state', 'saved', { timeout: 40_000 });
}

/** The text that IndexedDB holds of the session. */
async function stored(page: Page, session: string): Promise<string> {
  const look = await plainPage(page.context());
  const journal = await Journal.read(look, session);
  await look.close();
  return journal.text('/notes');
}
