import type { BrowserContext } from '@playwright/test';

import { Postcard, sealed } from './postcard.ts';

/**
 * Asks the server as a page's save does, but from outside of any page, as the guest of `context`, which has been
 * to the server. The reply, at its outcome.
 */
export async function exchange(
  context: BrowserContext,
  origin: string,
  ...request: Iterable<number>[]
): Promise<Postcard> {
  const answer = await context.request.post(`${origin}/fn/save_context`, {
    data: Buffer.from(sealed(...request)),
    headers: { 'Content-Type': 'application/octet-stream', Origin: origin },
  });
  if (!answer.ok()) throw new Error(`the server answered ${answer.status()}: ${await answer.text()}`);
  const reply = Postcard.open(await answer.body());
  // The batch.
  reply.uuid();
  return reply;
}

/** The updates of the server's log in a reply, which is read up to its outcome. */
export function logUpdates(reply: Postcard): Uint8Array[] {
  const updates: Uint8Array[] = [];
  for (let left = reply.unsigned(); left > 0; left -= 1) {
    updates.push(reply.block());
    // Whether a restore made it.
    reply.unsigned();
  }
  return updates;
}
