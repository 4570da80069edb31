import { randomUUID } from 'node:crypto';

import { Workspace } from './pages/workspace.ts';
import { chapters } from './support/chapters.ts';
import { give } from './support/give.ts';
import { Journal } from './support/journal.ts';
import { ServerLog } from './support/log.ts';
import { rounds } from './support/rounds.ts';
import { expect, test } from './support/test.ts';

// What a session may grow to. Bounded here; in full in `make soak`.

const megabytes = rounds(3, 49);
test(
  `[CTX-10] [SNAP-2] [SNAP-3] a context of ${megabytes} MB is edited, taken and restored in three tabs`,
  { tag: '@soak' },
  async ({ workspace, context, server, truth }) => {
    test.setTimeout(rounds(120_000, 900_000));
    // What its guest writes first makes their account.
    await workspace.type('of another session');
    await workspace.save();
    const session = { id: randomUUID(), name: 'The whole book' };
    await give(context, server.url, session, chapters(megabytes));

    const tabs = [workspace];
    await workspace.open(`/s/${session.id}`);
    for (let more = 0; more < 2; more += 1) {
      const tab = await Workspace.at(await context.newPage(), `/s/${session.id}`);
      tabs.push(tab);
    }
    const read = async (text: string) => {
      for (const tab of tabs) await expect(tab.notes).toHaveValue(text, { timeout: 60_000 });
    };
    let text = '';
    for (const [number, tab] of tabs.entries()) {
      await tab.page.bringToFront();
      await tab.type(`from ${number}; `);
      text += `from ${number}; `;
      await read(text);
    }
    await workspace.page.bringToFront();
    await workspace.snapshots.take();
    await workspace.type('and after it');
    await read(`${text}and after it`);
    await workspace.snapshots.restore();
    truth.deletes = true;
    await read(text);
    await workspace.shows('saved');

    const log = await ServerLog.read(context, server.url, session.id);
    expect(log.text('/chapters/0').length).toBeGreaterThan(200_000);
    for (const tab of tabs) await tab.reload();
    await read(text);
    expect(await truth.confirmServer(context, session.id)).toBe(text);
  },
);

const changes = rounds(3_000, 200_000);
test(
  `[CTX-2] [CTX-8] ${changes} changes that wait in the journal are there after a reload, and are saved`,
  { tag: '@soak' },
  async ({ workspace, context, truth }) => {
    test.setTimeout(rounds(180_000, 3_600_000));
    const { page } = workspace;
    await workspace.type('.');
    await workspace.save();
    const session = await workspace.sessionId();
    await context.route('**/fn/*', (route) => route.abort());
    await page.evaluate(typeFast, changes);
    const text = `.${'x'.repeat(changes)}`;
    await workspace.shows('on_device', 'offline');
    expect(await Journal.waiting(page, session)).toBe(changes);

    await page.reload();
    await expect(workspace.notes).toHaveValue(text, { timeout: rounds(30_000, 600_000) });
    await context.unrouteAll({ behavior: 'wait' });
    await page.keyboard.press('Control+s');
    await expect(workspace.indicator).toHaveAttribute('data-state', 'saved', {
      timeout: rounds(60_000, 1_800_000),
    });
    // They leave the journal behind everything that is typed meanwhile.
    const waiting = () => Journal.waiting(page, session);
    await expect.poll(waiting, { timeout: rounds(60_000, 600_000) }).toBe(0);
    expect(await truth.confirm(context, session, [workspace])).toBe(text);
  },
);

/** Types one letter after the other, as the page hears it. */
async function typeFast(changes: number): Promise<void> {
  const notes = document.querySelector<HTMLTextAreaElement>('#notes');
  if (!notes) throw new Error('there are no notes');
  for (let change = 1; change <= changes; change += 1) {
    notes.setRangeText('x', notes.value.length, notes.value.length, 'end');
    notes.dispatchEvent(new InputEvent('input', { bubbles: true, data: 'x', inputType: 'insertText' }));
    if (change % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
}

const saves = rounds(40, 10_000);
test(
  `[CTX-5] [SYNC-1] ${saves} auto-saves leave each change once`,
  { tag: '@soak' },
  async ({ workspace, context, saves: record, truth }) => {
    test.setTimeout(rounds(120_000, 7_200_000));
    const { page } = workspace;
    await page.clock.install();
    await workspace.reload();
    // In steps of a hundred: the runner looks through all it has done for each action that is in none.
    for (let done = 0; done < saves; done += 100) {
      await test.step(`from ${done + 1}`, async () => {
        for (let save = done + 1; save <= Math.min(done + 100, saves); save += 1) {
          await workspace.type(`${save} `);
          await page.clock.fastForward(31_000);
          await workspace.shows('saved');
        }
      });
    }
    await expect.poll(() => record.changes.length).toBeGreaterThanOrEqual(saves);
    const text = Array.from({ length: saves }, (_, save) => `${save + 1} `).join('');
    await workspace.reload();
    expect(await truth.confirm(context, await workspace.sessionId(), [workspace])).toBe(text);
  },
);

const sessions = rounds(300, 10_000);
test(
  `[SESS-3] one of ${sessions} sessions is found and opened`,
  { tag: '@soak' },
  async ({ workspace, context, server, truth }) => {
    test.setTimeout(rounds(120_000, 900_000));
    await workspace.type('the first of many');
    await workspace.save();
    for (let number = 1; number <= sessions; number += 1) {
      await give(context, server.url, { id: randomUUID(), name: `Trip ${number}` }, []);
    }
    await workspace.reload();
    // Some are shown, all are there.
    const active = workspace.sessions.list.getByRole('region', { name: 'Active', exact: true });
    await expect(active).toContainText(String(sessions + 1), { timeout: 60_000 });
    const wanted = `Trip ${Math.floor(sessions * 0.7)}`;
    await workspace.sessions.search(wanted);
    await workspace.sessions.open(wanted);
    await expect(workspace.name).toHaveValue(wanted);
    await workspace.type('found');
    await workspace.save();
    expect(await truth.confirm(context, await workspace.sessionId(), [workspace])).toBe('found');
  },
);
