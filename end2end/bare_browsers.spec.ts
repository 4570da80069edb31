import type { BrowserContext } from '@playwright/test';

import { Workspace } from './pages/workspace.ts';
import { anotherBrowser } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

// Browsers that lack what tabs speak and agree with: insecure origins have no Web Locks, blocked storage takes
// both away. Everything goes on, over the journal and the server.

const without: Record<string, () => void> = {
  BroadcastChannel: () => {
    Reflect.deleteProperty(globalThis, 'BroadcastChannel');
  },
  'Web Locks': () => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
  },
  'BroadcastChannel and Web Locks': () => {
    Reflect.deleteProperty(globalThis, 'BroadcastChannel');
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
  },
};

for (const [what, remove] of Object.entries(without)) {
  test(`[TAB-4] [TAB-5] without ${what} two tabs edit, save, reload, work offline and go on alone, and lose nothing`, async ({
    context,
    server,
    truth,
  }) => {
    await context.addInitScript(remove);
    const one = await open(context);
    const session = await one.sessionId();
    const two = await open(context, session);
    await one.type('one; ');
    await expect(two.notes).toHaveValue('one; ');
    await two.type('two; ');
    await expect(one.notes).toHaveValue('one; two; ');
    await one.fields.add('Budget', 'Number');
    await one.fields.input('Budget').fill('2400');
    await expect(two.fields.input('Budget')).toHaveValue('2400');
    await two.save();
    await one.save();
    await one.reload();
    await expect(one.notes).toHaveValue('one; two; ');

    await server.kill();
    await one.type('offline in one; ');
    await expect(two.notes).toHaveValue('one; two; offline in one; ');
    await two.type('and in two; ');
    const together = 'one; two; offline in one; and in two; ';
    await expect(one.notes).toHaveValue(together);
    for (const tab of [one, two]) await tab.shows('offline', 'on_device');
    await one.page.close();
    await server.start();
    await two.save();

    await two.reload();
    await two.type('alone');
    await two.save();
    const text = await truth.confirm(context, session, [two]);
    expect(text).toBe(`${together}alone`);
    const elsewhere = await anotherBrowser(context, session);
    await expect(elsewhere.notes).toHaveValue(text);
    await expect(elsewhere.fields.input('Budget')).toHaveValue('2400');
  });
}

async function open(context: BrowserContext, session?: string): Promise<Workspace> {
  const workspace = await Workspace.at(
    await context.newPage(),
    session === undefined ? '/' : `/s/${session}`,
  );
  return workspace;
}
