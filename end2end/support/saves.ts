import { setTimeout } from 'node:timers/promises';

import type { BrowserContext, Request, Response } from '@playwright/test';

import { logUpdates } from './exchange.ts';
import { Postcard } from './postcard.ts';

const outcomes = ['acked', 'missing_dependency', 'refused'] as const;

/** What a page asked to be saved. */
export interface SentSave {
  session: string;
  /** Yjs updates. */
  updates: Uint8Array[];
  /** When the browser sent it. */
  atMs: number;
  bytes: number;
}

/** One answer of the server to a save. */
export interface Save {
  atMs: number;
  status: number;
  /** What became of its items; `undefined` where the answer is no reply (an error, another encoding). */
  outcome: (typeof outcomes)[number] | undefined;
  /** The batch it answers. */
  batch: string | undefined;
  /** What came with it: updates that the server has from elsewhere. */
  news: Uint8Array[];
  /** The page was gone before anybody could read the answer. */
  unread: boolean;
  sentBytes: number;
  sent: SentSave;
}

/** An answer whose end is not told for so long is taken as one that nobody read. */
const UNREAD_MS = 10_000;

/**
 * Every request of `save_context` that a context's pages made: the answers, and those that failed. An answer
 * is here a moment after the page has it, so look with `expect.poll`.
 */
export class SaveRecord {
  /** In the order in which they were sent. */
  readonly sent: SentSave[] = [];
  readonly answered: Save[] = [];
  /** When a request got no answer. */
  readonly failedAtMs: number[] = [];
  private readonly reading = new Set<Promise<void>>();
  private readonly requests = new Map<Request, SentSave>();

  /** To be called before the first page loads. */
  attach(context: BrowserContext): void {
    context.on('request', (request) => {
      if (!isSave(request.url())) return;
      const sent = readSave(request);
      this.sent.push(sent);
      this.requests.set(request, sent);
    });
    context.on('response', (response) => {
      if (!isSave(response.url())) return;
      const reading = this.add(response).finally(() => this.reading.delete(reading));
      this.reading.add(reading);
    });
    context.on('requestfailed', (request) => {
      if (isSave(request.url())) this.failedAtMs.push(Date.now());
    });
  }

  get acknowledged(): Save[] {
    return this.answered.filter(({ outcome }) => outcome === 'acked');
  }

  /** Those that brought the server something: a page that only looks for news is acknowledged too. */
  get changes(): Save[] {
    return this.acknowledged.filter(({ sent }) => sent.updates.length > 0);
  }

  /** Waits until every answer that came is read. */
  async read(): Promise<void> {
    while (this.reading.size > 0) await Promise.all(this.reading);
  }

  private async add(response: Response): Promise<void> {
    const request = response.request();
    const { startTime, responseStart } = request.timing();
    const sent = this.requests.get(request) ?? readSave(request);
    // As the browser measured it; an answer that a test gave itself has no such time.
    const atMs = responseStart > 0 ? startTime + responseStart : Date.now();
    // Of one that came while its page was frozen the browser never says that it ended.
    const never = setTimeout(UNREAD_MS, undefined, { ref: false });
    const body = await Promise.race([response.body().catch(() => undefined), never]);
    const reply = body ? read(body) : nothing;
    const [status, sentBytes, unread] = [response.status(), sent.bytes, !body];
    this.answered.push({ atMs, status, sentBytes, sent, unread, ...reply });
  }
}

function isSave(url: string): boolean {
  return new URL(url).pathname === '/fn/save_context';
}

/** What a request of `save_context` asked for. */
export function readSave(request: Request): SentSave {
  const body = request.postDataBuffer() ?? Buffer.alloc(0);
  const sent: SentSave = { session: '', updates: [], atMs: Date.now(), bytes: body.length };
  try {
    const items = Postcard.open(body);
    sent.session = items.uuid();
    // The batch.
    items.uuid();
    for (let left = items.unsigned(); left > 0; left -= 1) {
      if (items.unsigned() === 0) sent.updates.push(items.block());
      else skipSnapshot(items);
    }
  } catch {
    // A test sent something else on purpose.
  }
  return sent;
}

function skipSnapshot(items: Postcard): void {
  items.uuid();
  // Name, kind and time.
  items.block();
  items.unsigned();
  items.signed();
}

type Reply = Pick<Save, 'outcome' | 'batch' | 'news'>;

const nothing: Reply = { batch: undefined, outcome: undefined, news: [] };

function read(body: Buffer): Reply {
  try {
    const reply = Postcard.open(body);
    const [batch, outcome] = [reply.uuid(), outcomes[reply.unsigned()]];
    // The words of a refusal are between.
    return { batch, outcome, news: outcome === 'refused' ? [] : logUpdates(reply) };
  } catch {
    return nothing;
  }
}
