import type { BrowserContext, Response } from '@playwright/test';

import { Postcard } from './postcard.ts';

const outcomes = ['acked', 'missing_dependency', 'refused'] as const;

/** One answer of the server to a save. */
export interface Save {
  atMs: number;
  status: number;
  /** What became of its items; `undefined` where the answer is no reply (an error, another encoding). */
  outcome: (typeof outcomes)[number] | undefined;
  /** The batch it answers. */
  batch: string | undefined;
  sentBytes: number;
}

/**
 * Every request of `save_context` that a context's pages made: the answers, and those that failed. An answer
 * is here a moment after the page has it, so look with `expect.poll`.
 */
export class SaveRecord {
  readonly answered: Save[] = [];
  /** When a request got no answer. */
  readonly failedAtMs: number[] = [];

  /** To be called before the first page loads. */
  attach(context: BrowserContext): void {
    context.on('response', (response) => {
      if (isSave(response.url())) void this.add(response);
    });
    context.on('requestfailed', (request) => {
      if (isSave(request.url())) this.failedAtMs.push(Date.now());
    });
  }

  get acknowledged(): Save[] {
    return this.answered.filter(({ outcome }) => outcome === 'acked');
  }

  private async add(response: Response): Promise<void> {
    const atMs = Date.now();
    const sentBytes = response.request().postDataBuffer()?.length ?? 0;
    // The page may be gone before its answer is read.
    const body = await response.body().catch(() => Buffer.alloc(0));
    this.answered.push({ atMs, status: response.status(), sentBytes, ...read(body) });
  }
}

function isSave(url: string): boolean {
  return new URL(url).pathname === '/fn/save_context';
}

function read(body: Buffer): Pick<Save, 'outcome' | 'batch'> {
  try {
    const reply = Postcard.open(body);
    const batch = reply.uuid();
    return { batch, outcome: outcomes[reply.unsigned()] };
  } catch {
    return { batch: undefined, outcome: undefined };
  }
}
