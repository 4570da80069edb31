import { type Locator, type Page, expect } from '@playwright/test';

/** More controls than any page has: going through all of them once comes back to the beginning. */
const MOST = 120;

/** A person without a mouse. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Goes on with Tab (or back with Shift+Tab) until `target` has the focus. */
  async to(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await expect(target).toBeVisible();
    // What is disabled is passed over.
    await expect(target).toBeEnabled();
    const passed: string[] = [];
    for (let step = 0; step < MOST; step += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press(key);
      passed.push(await this.page.evaluate(nameOfFocus));
    }
    throw new Error(`no way by ${key} to ${target}; passed: ${passed.join(', ')}`);
  }

  /** Goes there and presses it. */
  async press(target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press(key);
  }

  /** What was pressed is gone; the next Tab goes on from where it was and not from the beginning. */
  async keepsFocus(): Promise<void> {
    await expect(this.page.locator(':focus')).toHaveCount(1);
  }

  /** Types over all that stands in the focused input. */
  async replace(text: string): Promise<void> {
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.type(text);
  }
}

function nameOfFocus(): string {
  const focused = document.activeElement;
  return focused?.getAttribute('aria-label') ?? focused?.textContent?.trim().slice(0, 30) ?? 'nothing';
}
