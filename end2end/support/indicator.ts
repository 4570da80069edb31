import type { BrowserContext, Page } from '@playwright/test';

/** The five states of the indicator, and the one before the page is ready. */
export type State = 'starting' | 'saving' | 'on_device' | 'saved' | 'offline' | 'not_saved';

/** One state that the person could have seen. */
export interface Shown {
  state: State;
  /** How many changes it said were waiting. */
  waiting: number;
  /** The session in the page's address at that moment; none before it has one. */
  session: string | undefined;
  /** What the notes' text was at that moment: what the indicator spoke of. */
  text: string;
  atMs: number;
}

/**
 * Every state the indicator has shown in any page of a context, in order, told at once: also of a page
 * that is killed a moment later.
 */
export class IndicatorRecord {
  readonly shown: Shown[] = [];
  private readonly pages = new Map<Page, Shown[]>();

  /** To be called before the first page loads. */
  async attach(context: BrowserContext): Promise<void> {
    await context.exposeBinding('holdfastShown', ({ page }, shown: Shown) => {
      this.shown.push(shown);
      const ofPage = this.pages.get(page) ?? [];
      ofPage.push(shown);
      this.pages.set(page, ofPage);
    });
    await context.addInitScript(watch);
  }

  /** What of it one page showed. */
  shownIn(page: Page): Shown[] {
    return this.pages.get(page) ?? [];
  }

  get states(): State[] {
    return this.shown.map(({ state }) => state);
  }

  /** The newest text that was shown as kept, on this device or on the server; what must come back. */
  get kept(): string | undefined {
    return this.allKept.at(-1);
  }

  /** Every text that was ever shown as kept. */
  get allKept(): string[] {
    const kept = this.shown.filter(({ state }) => ['on_device', 'saved', 'offline'].includes(state));
    return kept.map(({ text }) => text);
  }
}

/**
 * Runs in each page before its own scripts. A state is told when it changes, and again in the next frame when the
 * text it speaks of is another one: whoever edits, an indicator that stays as it was says something new then.
 */
function watch(): void {
  // The browser's own: a test may give the page another clock.
  const { now: nowMs } = Date;
  const frame = requestAnimationFrame.bind(globalThis);
  let [said, spokenOf, looking] = ['', '', false];
  const look = () => {
    const indicator = document.querySelector<HTMLElement>('[data-testid="save-indicator"]');
    const state = indicator?.dataset['state']?.replaceAll('-', '_');
    if (!indicator || !state) return;
    const waiting = Number(indicator.dataset['waiting'] ?? 0);
    const now = `${state} ${waiting}`;
    const text = document.querySelector<HTMLTextAreaElement>('#notes')?.value ?? '';
    if (now === said && text === spokenOf) return;
    [said, spokenOf] = [now, text];
    const session = /^\/s\/([0-9a-f-]{36})/.exec(location.pathname)?.[1];
    const tell = (globalThis as unknown as { holdfastShown(shown: unknown): Promise<void> }).holdfastShown;
    void tell({ state, waiting, session, text, atMs: nowMs() });
  };
  const lookSoon = () => {
    if (looking) return;
    looking = true;
    frame(() => {
      looking = false;
      look();
    });
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-state', 'data-waiting'],
  });
  document.addEventListener('input', lookSoon, { capture: true });
  // What a program writes into a field makes no event.
  const { prototype } = HTMLTextAreaElement;
  const value = Object.getOwnPropertyDescriptor(prototype, 'value');
  Object.defineProperty(prototype, 'value', {
    ...value,
    set(this: HTMLTextAreaElement, text: string) {
      value?.set?.call(this, text);
      lookSoon();
    },
  });
}
