import type { BrowserContext } from '@playwright/test';
import * as Y from 'yjs';

import { exchange, logUpdates } from './exchange.ts';
import { block, uuid, varint } from './postcard.ts';

/** A stretch of what one client wrote: what it inserted, by its own count. */
interface Stretch {
  client: number;
  from: number;
  to: number;
}

/** What the server has of a session, asked of it from outside of any page, and merged by Yjs itself. */
export class ServerLog {
  // Nothing that was deleted is thrown away.
  private readonly document = new Y.Doc({ gc: false });

  /** Every update of the log, in its order. A thousand saves make one base of those before. */
  private constructor(readonly updates: Uint8Array[]) {
    for (const update of updates) Y.applyUpdate(this.document, update);
  }

  /** Reads all of it as the guest of `context`, which has been to the server. */
  static async read(context: BrowserContext, origin: string, session: string): Promise<ServerLog> {
    let updates: Uint8Array[] = [];
    for (let have = [0], more = true; more;) {
      const reply = await exchange(context, origin, uuid(session), uuid(), [0], have, [0, 0, 0, 0]);
      // An outcome without words.
      reply.unsigned();
      updates = updates.concat(logUpdates(reply));
      const incarnation = reply.block();
      const seq = reply.signed();
      have = [1, ...block(incarnation), ...varint(2 * seq)];
      more = reply.unsigned() === 1;
    }
    return new ServerLog(updates);
  }

  /** A text of the session by its path: `/notes`. */
  text(path: string): string {
    return this.document.getText(`text:${path}`).toString();
  }

  /** What was ever written into a text and kept for a while at least: all that is in it, or was deleted since. */
  written(path: string): string {
    return written(this.document, path);
  }

  /** Whether all of some updates is in it, what they delete too. */
  has(updates: Uint8Array[]): boolean {
    const { store } = this.document;
    const inserted = updates.flatMap(stretches).every(({ client, to }) => to <= Y.getState(store, client));
    const after = new Y.Doc();
    Y.applyUpdate(after, Y.encodeStateAsUpdate(this.document));
    const before = Y.snapshot(after);
    for (const update of updates) Y.applyUpdate(after, update);
    return inserted && Y.equalSnapshots(before, Y.snapshot(after));
  }

  /** Updates that are in it more than once: there are none. */
  get repeated(): Uint8Array[] {
    const seen = new Set<string>();
    return this.updates.filter((update) => {
      const bytes = Buffer.from(update).toString('base64');
      return seen.size === seen.add(bytes).size;
    });
  }

  /** What was inserted by more than one update: nothing, of a whole difference is taken what is new. */
  get twice(): Stretch[] {
    const all = this.updates.flatMap(stretches);
    all.sort((one, other) => one.client - other.client || one.from - other.from);
    return all.filter(({ client, from }, at) => {
      const before = all[at - 1];
      return before?.client === client && before.to > from;
    });
  }
}

/** What was ever written into a text of a document that keeps what is deleted. */
export function written(document: Y.Doc, path: string): string {
  let text = '';
  // The list behind a text is no part of what Yjs promises; nothing else tells of what was deleted.
  for (let item = document.getText(`text:${path}`)._start; item; item = item.right) {
    if (item.content instanceof Y.ContentString) text += item.content.str;
  }
  return text;
}

function stretches(update: Uint8Array): Stretch[] {
  return Y.decodeUpdate(update)
    .structs.filter((struct) => !(struct instanceof Y.Skip))
    .map(({ id: { client, clock }, length }) => ({ client, from: clock, to: clock + length }));
}
