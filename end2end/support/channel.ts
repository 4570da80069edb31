import type { BrowserContext, Page } from '@playwright/test';

/**
 * The channel between the tabs of a context, which can be made slow. What is held back is delivered later, in
 * order: a channel promises no more.
 */
export class Channel {
  private constructor(private readonly context: BrowserContext) {}

  /** To be called before the first page loads. */
  static async attach(context: BrowserContext): Promise<Channel> {
    await context.addInitScript(watch);
    return new Channel(context);
  }

  /** From now on no open tab hears another. */
  async hold(): Promise<void> {
    await this.each((held) => held.begin());
  }

  /** Delivers what was held back; from now on all hear each other. */
  async release(): Promise<void> {
    await this.each((held) => held.end());
  }

  private async each(act: (held: Held) => void): Promise<void> {
    for (const page of this.context.pages()) {
      const held = await page.evaluateHandle(
        () => (globalThis as unknown as { holdfastHeld: Held }).holdfastHeld,
      );
      await held.evaluate(act);
    }
  }
}

interface Held {
  begin(): void;
  end(): void;
}

/** Runs in each page before its own scripts. */
function watch(): void {
  const post = BroadcastChannel.prototype.postMessage;
  let held: (() => void)[] | undefined;
  BroadcastChannel.prototype.postMessage = function (message) {
    const send = () => {
      post.call(this, message);
    };
    if (held) held.push(send);
    else send();
  };
  const control: Held = {
    begin: () => (held ??= []),
    end: () => {
      const late = held ?? [];
      held = undefined;
      for (const send of late) send();
    },
  };
  Object.assign(globalThis, { holdfastHeld: control });
}

/** Says something to the tabs of a session, from another page. */
export async function say(page: Page, session: string, messages: Uint8Array[]): Promise<void> {
  const texts = messages.map((message) => Buffer.from(message).toString('base64'));
  await page.evaluate(
    ([name, texts]) => {
      const channel = new BroadcastChannel(name);
      for (const text of texts) {
        channel.postMessage(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
      }
      channel.close();
    },
    [`holdfast.first.${session}`, texts] as const,
  );
}
