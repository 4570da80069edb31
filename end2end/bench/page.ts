import type { Page } from '@playwright/test';

/**
 * What the benchmarks find in every page, put there before its own scripts: a keystroke as the page hears it,
 * and when things happened, in milliseconds of one clock for all pages.
 */
export interface Measured {
  now(): number;
  /** Writes into the notes as a key does, synchronously. */
  type(text: string): void;
  /** When each transaction that puts a change into the journal was asked for, and when it was complete. */
  appends: { asked: number; complete: number }[];
  /** When the notes were given a text by the page, and how long it was. */
  written: { at: number; length: number }[];
  /** When the database was first opened. */
  opened: number | undefined;
}

/** Runs in the page; so it has to be whole in itself. */
function measure(): void {
  const measured: Measured = {
    now: () => performance.timeOrigin + performance.now(),
    type(text) {
      const notes = document.querySelector<HTMLTextAreaElement>('#notes');
      if (!notes) throw new Error('there are no notes');
      notes.setRangeText(text, notes.value.length, notes.value.length, 'end');
      notes.dispatchEvent(new InputEvent('input', { bubbles: true, data: text, inputType: 'insertText' }));
    },
    appends: [],
    written: [],
    opened: undefined,
  };
  Object.assign(globalThis, { measured });

  const { transaction: make } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const made = make.call(this, stores, mode, options);
    if (mode === 'readwrite' && made.objectStoreNames.contains('records')) {
      const asked = measured.now();
      made.addEventListener('complete', () => measured.appends.push({ asked, complete: measured.now() }));
    }
    return made;
  };
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (name, version) {
    measured.opened ??= measured.now();
    return open.call(this, name, version);
  };
  const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
  Object.defineProperty(HTMLTextAreaElement.prototype, 'value', {
    ...value,
    set(this: HTMLTextAreaElement, text: string) {
      value?.set?.call(this, text);
      if (this.id === 'notes') measured.written.push({ at: measured.now(), length: text.length });
    },
  });
}

/** To be called before the page loads. */
export async function measuring(page: Page): Promise<void> {
  await page.addInitScript(measure);
}

/** What the page has measured so far. */
export async function measuredIn(page: Page): Promise<Omit<Measured, 'now' | 'type'>> {
  return page.evaluate(() => {
    const { appends, written, opened } = (globalThis as unknown as { measured: Measured }).measured;
    return { appends, written, opened };
  });
}
