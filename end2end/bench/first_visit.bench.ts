import { Workspace } from '../pages/workspace.ts';
import { test } from '../support/test.ts';
import { report } from './rows.ts';

/** Bytes of the HTML, CSS, JS and WASM of a first visit. */
const target = 350_000;

test('what a first visit brings', async ({ page }) => {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const kinds = new Map<string, string>();
  const bytes = new Map<string, number>();
  network.on('Network.responseReceived', ({ requestId, response }) => {
    kinds.set(requestId, kindOf(response.mimeType));
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'other';
    bytes.set(kind, (bytes.get(kind) ?? 0) + encodedDataLength);
  });
  await new Workspace(page).open();
  const of = (kind: string) => bytes.get(kind) ?? 0;
  const parts = ['HTML', 'CSS', 'JS', 'WASM'];
  const all = parts.reduce((sum, kind) => sum + of(kind), 0);
  const kilobytes = (size: number) => (size / 1_000).toFixed(0);
  await report({
    what: 'first visit: HTML, CSS, JS, WASM, brotli',
    target: '≤ 350 KB',
    measured: `${kilobytes(all)} KB`,
    beside: parts.map((kind) => `${kind} ${kilobytes(of(kind))}`).join(', '),
    met: all <= target,
  });
});

function kindOf(mimeType: string): string {
  if (mimeType === 'text/html') return 'HTML';
  if (mimeType === 'text/css') return 'CSS';
  if (mimeType === 'application/wasm') return 'WASM';
  return mimeType.includes('javascript') ? 'JS' : 'other';
}
