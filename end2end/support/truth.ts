import { type BrowserContext, expect } from '@playwright/test';
import * as Y from 'yjs';

import type { Workspace } from '../pages/workspace.ts';
import type { IndicatorRecord, Shown } from './indicator.ts';
import { Journal } from './journal.ts';
import { ServerLog, written } from './log.ts';
import type { SaveRecord } from './saves.ts';

/** What the browser measured and what a page's clock says may differ by so much. */
const CLOCKS_MS = 5;

/**
 * What really happened, told by those who were there and are not Holdfast: what the server acknowledged, what
 * the indicator showed, what IndexedDB and the server's log hold. Of two texts that were true the later one has every
 * letter of the earlier one, in its order.
 */
export class Truth {
  /** Whether the test deletes some of the text: what was shown before has to be in what was ever written then. */
  deletes = false;

  constructor(
    private readonly origin: string,
    private readonly indicator: IndicatorRecord,
    private readonly saves: SaveRecord,
  ) {}

  /** Takes a further browser into account. To be called before its first page loads. */
  async attach(context: BrowserContext): Promise<void> {
    await this.indicator.attach(context);
    this.saves.attach(context);
  }

  /**
   * At the end, when everything was saved: all that was ever acknowledged is in the server's log exactly once,
   * browsers and server have the same text, and no indicator said what was not so. The text.
   */
  async confirm(context: BrowserContext, session: string, tabs: Workspace[] = []): Promise<string> {
    const text = await this.confirmServer(context, session);
    const [open] = tabs;
    const page = open?.page ?? (await context.newPage());
    if (!open) await page.goto(`${this.origin}/healthz`);
    // The server may be faster than the disk.
    const stored = async () => {
      const journal = await Journal.read(page, session);
      return { text: journal.text('/notes'), waiting: journal.records.length };
    };
    await expect.poll(stored, { message: 'what IndexedDB holds' }).toEqual({ text, waiting: 0 });
    if (!open) await page.close();
    for (const tab of tabs) await expect(tab.notes).toHaveValue(text);
    return text;
  }

  /** The server's part of it, and what was shown. */
  async confirmServer(context: BrowserContext, session: string): Promise<string> {
    const log = await this.confirmSaved(context, session);
    this.expectTold(session, this.deletes ? log.written('/notes') : log.text('/notes'));
    return log.text('/notes');
  }

  /**
   * The server's part of it, and where *Saved* was shown: for faults that this device cannot survive. Of what it
   * was to keep until then nothing is asked.
   */
  async confirmSaved(context: BrowserContext, session: string): Promise<ServerLog> {
    const log = await ServerLog.read(context, this.origin, session);
    await this.saves.read();
    expect(log.repeated, 'updates that the log has twice').toEqual([]);
    expect(log.twice, 'what the log has twice').toEqual([]);
    this.expectAcknowledged(log, session);
    this.expectTruthful(log, session);
    return log;
  }

  /** Nothing was ever shown as kept, on this device or on the server, that is not in `text`. */
  expectTold(session: string, text: string): void {
    for (const shown of this.shownOf(session)) {
      if (['on_device', 'saved', 'offline'].includes(shown.state)) expectIn(text, shown);
    }
  }

  private expectAcknowledged(log: ServerLog, session: string): void {
    const acknowledged = this.saves.acknowledged.filter(({ sent }) => sent.session === session);
    const changes = acknowledged.filter(({ sent }) => sent.updates.length > 0);
    expect(changes.length, 'changes that were acknowledged').toBeGreaterThan(0);
    const missing = acknowledged.filter(({ sent }) => !log.has(sent.updates));
    expect(missing, 'what was acknowledged and is not in the log').toEqual([]);
  }

  /** *Saved* was never shown for what was not committed at that moment. */
  private expectTruthful(log: ServerLog, session: string): void {
    const committed = this.committed(log, session);
    const known = new Y.Doc({ gc: false });
    const shown = this.shownOf(session).toSorted((one, other) => one.atMs - other.atMs);
    for (const each of shown.filter(({ state }) => state === 'saved')) {
      while ((committed[0]?.atMs ?? Infinity) <= each.atMs + CLOCKS_MS) {
        for (const update of committed.shift()?.updates ?? []) Y.applyUpdate(known, update);
      }
      // Of tens of thousands the runner would keep each as a step.
      if (each.waiting !== 0) {
        expect(each.waiting, `waiting while Saved was shown for ${each.text}`).toBe(0);
      }
      expectIn(this.deletes ? written(known, '/notes') : known.getText('text:/notes').toString(), each);
    }
  }

  /**
   * What was committed and when at the latest, by time: a reply that acknowledges it, or brings it as news. A save
   * that got no reply proves nothing, whatever became of it: the next one that does tells. Only of a page that was
   * gone before its reply was read, the log says what was in it.
   */
  private committed(log: ServerLog, session: string): { atMs: number; updates: Uint8Array[] }[] {
    const answered = this.saves.answered.filter(({ sent }) => sent.session === session);
    const proven = answered.map(({ atMs, outcome, status, unread, news, sent: { updates } }) => {
      if (outcome === 'acked') return { atMs, updates: [...updates, ...news] };
      const gone = unread && status === 200;
      return { atMs, updates: gone ? updates.filter((each) => log.has([each])) : news };
    });
    return proven.sort((one, other) => one.atMs - other.atMs);
  }

  private shownOf(session: string): Shown[] {
    return this.indicator.shown.filter((shown) => shown.session === session);
  }
}

/** Fails where a shown text has a letter that another has not, or elsewhere. */
function expectIn(text: string, shown: Shown): void {
  let at = 0;
  for (const letter of text) if (letter === shown.text[at]) at += 1;
  const missing = shown.text.slice(at);
  if (missing) expect(missing, `shown as ${shown.state} and not there: ${shown.text}`).toBe('');
}
