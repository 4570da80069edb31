import type { BrowserContext } from '@playwright/test';

import { exchange } from './exchange.ts';
import { block, uuid, varint } from './postcard.ts';

/**
 * Gives the server a session with these updates from outside of any page, as the guest of `context`, which
 * has been to the server. Each is a save of its own.
 */
export async function give(
  context: BrowserContext,
  origin: string,
  session: { id: string; name: string },
  updates: Uint8Array[],
): Promise<void> {
  for (const update of updates.length > 0 ? updates : [undefined]) {
    const items = update ? [[1, 0], block(update)] : [[0]];
    // Nothing of it is here; it is created under its name, at the beginning of time.
    const create = [1, ...block(Buffer.from(session.name)), ...varint(0)];
    const request = [uuid(session.id), uuid(), ...items, [0], create, [0, 1, 0]];
    const reply = await exchange(context, origin, ...request);
    if (reply.unsigned() !== 0) throw new Error('the save was not acknowledged');
  }
}
