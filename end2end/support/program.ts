import type { Page } from '@playwright/test';

/** Lets the program not arrive before the answer is called. */
export async function holdProgram(page: Page): Promise<() => void> {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/*.wasm', async (route) => {
    await arrived;
    await route.continue();
  });
  return arrive;
}
