import type { BrowserContext } from '@playwright/test';

/** One call of a server function, as the page made it. */
export interface Sent {
  /** The name of the function. */
  name: string;
  /** By the page's clock, which a test may have taken over. */
  atMs: number;
  keepalive: boolean;
}

/** Every call of a server function that pages of a context made, told by the page when it is made. */
export class SentRecord {
  private readonly all: Sent[] = [];
  private answers = 0;

  /** To be called before the first page loads. */
  async attach(context: BrowserContext): Promise<void> {
    await context.exposeBinding('holdfastSent', (_source, sent: Sent) => {
      this.all.push(sent);
    });
    await context.exposeBinding('holdfastAnswered', () => {
      this.answers += 1;
    });
    await context.addInitScript(watch);
  }

  /** Whether every call had its answer, or never will, and the page has taken note of it. */
  get answered(): boolean {
    return this.open === 0;
  }

  /** How many calls have no answer yet that the page has taken note of. */
  get open(): number {
    return this.all.length - this.answers;
  }

  /** Calls of `save_context`, which pulls as well. */
  get saves(): Sent[] {
    return this.all.filter(({ name }) => name === 'save_context');
  }
}

interface Bindings {
  holdfastSent(sent: Sent): Promise<void>;
  holdfastAnswered(): Promise<void>;
}

/** Runs in each page before its own scripts. */
function watch(): void {
  // A task of the page that no clock can hold.
  const task = () =>
    new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(undefined);
    });
  // The page's own reading of an answer; a copy's would end at another time.
  const reads = new WeakMap<Response, Promise<unknown>>();
  for (const way of ['text', 'json', 'arrayBuffer', 'blob'] as const) {
    const plain = Response.prototype[way] as () => Promise<never>;
    Response.prototype[way] = function (this: Response) {
      const read = plain.call(this);
      reads.set(this, read);
      return read;
    };
  }
  const taken = async (answer: Promise<Response>) => {
    const response = await answer;
    // Until the page has begun to read, and until it has done something with what it read.
    await task().then(task);
    await reads.get(response);
    await task().then(task);
  };
  const plain = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const { pathname } = new URL(request?.url ?? String(input), location.href);
    const answer = plain(input, init);
    if (pathname.startsWith('/fn/')) {
      const { holdfastSent, holdfastAnswered } = globalThis as unknown as Bindings;
      const keepalive = request?.keepalive ?? init?.keepalive ?? false;
      void holdfastSent({ name: pathname.slice('/fn/'.length), atMs: Date.now(), keepalive });
      const done = () => task().then(() => holdfastAnswered());
      taken(answer).then(done, done);
    }
    return answer;
  };
}
