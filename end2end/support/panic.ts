import type { Page } from '@playwright/test';

/**
 * From now on the page can make no element, which a program that shows something does not expect: the next one
 * it needs is a panic. Nothing of Holdfast is asked. The answer ends that.
 */
export async function breakRendering(page: Page): Promise<() => Promise<void>> {
  const make = await page.evaluateHandle(() => {
    const { createElement } = Document.prototype;
    Document.prototype.createElement = () => {
      throw new DOMException('no element can be made', 'NotSupportedError');
    };
    return createElement;
  });
  return () => make.evaluate((createElement) => void (Document.prototype.createElement = createElement));
}

/** Takes all the memory that the page's program could still get: its next large need ends it, without a panic. */
export async function takeAllMemory(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const scripts = performance.getEntriesByType('resource').map(({ name }) => name);
    const address = scripts.find((name) => /\/holdfast\..*\.js$/.test(name));
    const program = (await import(address ?? '')) as { default(): Promise<{ memory: WebAssembly.Memory }> };
    // A module is there once: this is the one that runs.
    const { memory } = await program.default();
    for (let pages = 2 ** 16; pages >= 1; pages /= 2) {
      try {
        for (;;) memory.grow(pages);
      } catch {
        // So much is not left.
      }
    }
  });
}
