import * as Y from 'yjs';

/** Characters of one chapter. */
const CHARACTERS = 250_000;

/** A context of so many megabytes, as updates of one chapter each: texts that no page shows. */
export function chapters(megabytes: number): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (let number = 0; number * CHARACTERS < megabytes * 1_000_000; number += 1) {
    document.transact(() => {
      document.getMap('context').set('/chapters', {});
      document.getMap('context').set(`/chapters/${number}`, { type: 'text' });
      const line = `chapter ${number}: ferry to Moskenes at 15:00, bring the small stove\n`;
      document.getText(`text:/chapters/${number}`).insert(0, line.repeat(CHARACTERS / line.length));
    });
  }
  return updates;
}
