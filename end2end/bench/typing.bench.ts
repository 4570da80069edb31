import type { Locator, Page } from '@playwright/test';

import { Workspace } from '../pages/workspace.ts';
import { test } from '../support/test.ts';
import { report } from './rows.ts';
import { ms, percentile } from './samples.ts';

const megabyte = 'ferry to Moskenes at 15:00, bring the small stove\n'.repeat(20_000);
const keys = 200;

test('typing in a text of 1 MB, beside the same text without a program', async ({ page, context }) => {
  const workspace = await Workspace.at(page);
  await put(workspace.notes, megabyte);
  await workspace.save();
  const plain = await context.newPage();
  await plain.setContent('<textarea id="notes" style="width: 40rem; height: 30rem"></textarea>');
  await put(plain.locator('#notes'), megabyte);

  const took = { ours: [] as number[], raw: [] as number[] };
  for (let part = 0; part < 4; part += 1) {
    took.ours.push(...(await typingIn(page, keys / 4)));
    took.raw.push(...(await typingIn(plain, keys / 4)));
  }
  const [ours, raw] = [percentile(took.ours, 95), percentile(took.raw, 95)];
  await report({
    what: 'typing in a 1 MB text, input to paint p95',
    target: '≤ 16 ms',
    measured: `${ms(ours, 1)} (p50 ${ms(percentile(took.ours, 50), 1)})`,
    beside: `a bare text area ${ms(raw, 1)} (p50 ${ms(percentile(took.raw, 50), 1)})`,
    met: ours <= 16,
  });
});

/** As a paste does. Playwright's `fill` has the browser insert line by line, minutes for a bare text area too. */
async function put(notes: Locator, text: string): Promise<void> {
  await notes.evaluate((notes: HTMLTextAreaElement, text) => {
    notes.setRangeText(text);
    notes.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
  }, text);
}

/** Presses keys in the middle of the text; from each key to the end of the frame that shows it. */
async function typingIn(page: Page, keys: number): Promise<number[]> {
  await page.bringToFront();
  await page.locator('#notes').evaluate((notes: HTMLTextAreaElement) => {
    notes.focus();
    notes.setSelectionRange(notes.value.length / 2, notes.value.length / 2);
  });
  const took = await page.evaluateHandle(() => {
    const took: number[] = [];
    const { port1, port2 } = new MessageChannel();
    const pressed: number[] = [];
    port1.onmessage = () => took.push(performance.now() - (pressed.shift() ?? NaN));
    document.addEventListener(
      'keydown',
      (event) => {
        pressed.push(event.timeStamp);
        // A message that is posted in a frame comes after it was painted.
        requestAnimationFrame(() => port2.postMessage(undefined));
      },
      { capture: true },
    );
    return took;
  });
  for (let key = 0; key < keys; key += 1) await page.keyboard.press('x', { delay: 20 });
  await page.waitForFunction(([took, keys]) => took.length >= keys, [took, keys] as const);
  const all = await took.jsonValue();
  return all.slice(0, keys);
}
