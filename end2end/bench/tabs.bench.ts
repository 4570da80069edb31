import { Workspace } from '../pages/workspace.ts';
import { expect, test } from '../support/test.ts';
import { type Measured, measuring, measuredIn } from './page.ts';
import { report } from './rows.ts';
import { median, ms, percentile } from './samples.ts';

const times = 300;

test('an edit in another tab, beside a raw message', async ({ page, context }) => {
  await measuring(page);
  const writing = await Workspace.at(page);
  const other = await context.newPage();
  await measuring(other);
  const reading = await Workspace.at(other, `/s/${await writing.sessionId()}`);
  await writing.type('.');
  await expect(reading.notes).toHaveValue('.');

  const arrived = await other.evaluateHandle(listen);
  const sent = await page.evaluate(interleave, times);
  await expect.poll(() => arrived.evaluate((at) => at.length)).toBe(times);
  await expect.poll(async () => (await reading.notes.inputValue()).length).toBe(times + 1);
  const rawTook = (await arrived.jsonValue()).map((at, index) => at - (sent[index]?.raw ?? NaN));
  const { written } = await measuredIn(other);
  // The first text that has it: several may come at once.
  const tookOurs = sent.map(({ typed, length }) => {
    const seen = written.find((text) => text.at >= typed && text.length >= length);
    return (seen?.at ?? NaN) - typed;
  });
  const [ours, raw] = [tookOurs, rawTook].map((all) => [median(all), percentile(all, 99)]);
  const [p50 = NaN, p99 = NaN] = ours ?? [];
  const [raw50 = NaN, raw99 = NaN] = raw ?? [];
  await report({
    what: 'tab to tab, from the key to the text of the other tab, p50 / p99',
    target: '≤ 2 × raw BroadcastChannel',
    measured: `${ms(p50)} / ${ms(p99)}: ${(p50 / raw50).toFixed(1)} × / ${(p99 / raw99).toFixed(1)} ×`,
    beside: `raw message ${ms(raw50)} / ${ms(raw99)}`,
    met: p50 <= 2 * raw50 && p99 <= 2 * raw99,
  });
});

/** When each raw message came. */
function listen(): number[] {
  const { measured } = globalThis as unknown as { measured: Measured };
  const arrived: number[] = [];
  const channel = new BroadcastChannel('raw');
  channel.onmessage = () => arrived.push(measured.now());
  return arrived;
}

/** Posts a raw message and types a key, in turn; when, and how long the text was then. */
async function interleave(times: number): Promise<{ raw: number; typed: number; length: number }[]> {
  const { measured } = globalThis as unknown as { measured: Measured };
  const channel = new BroadcastChannel('raw');
  const pause = () => new Promise((resolve) => setTimeout(resolve, 15));
  const sent: { raw: number; typed: number; length: number }[] = [];
  for (let round = 0; round < times; round += 1) {
    const raw = measured.now();
    channel.postMessage(new Uint8Array(100));
    await pause();
    const typed = measured.now();
    measured.type('x');
    sent.push({ raw, typed, length: round + 2 });
    await pause();
  }
  return sent;
}
