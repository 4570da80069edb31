import * as Y from 'yjs';

import { block, sealed, uuid, varint } from './postcard.ts';

/** Messages between tabs as Holdfast writes them, with anything in them. */
export const forged = {
  /** A tab tells of a change it made. */
  edited: (update: Uint8Array): Uint8Array => {
    const tab = uuid();
    return sealed([2], tab, [1], tab, [1], [0], [0], block(update));
  },
  /** The leader tells what the server sent. */
  settled: (update: Uint8Array): Uint8Array => sealed([4], uuid(), [0], [1], ofLog(update), [0], [0], [0]),
};

/** Updates that no build of Holdfast makes, by what is wrong with them. */
export const hostile: Record<string, Uint8Array> = {
  '10,000 nested arrays': inMap([1, ...repeated([117, 1], 10_000), 126]),
  '10,000 nested objects': inMap([1, ...repeated([118, 1, 1, 97], 10_000), 126]),
  '50,000 nested shared types': nestedTypes(50_000),
  'a length without its content': inMap([1, 119, ...varint(2 ** 31)]),
  'a billion structs': Uint8Array.from([1, ...varint(1e9), 7, 0]),
  'a client id that is no integer': Uint8Array.from([1, 1, ...repeated([255], 12), 1]),
  nothing: new Uint8Array(),
  'bytes behind the end': Uint8Array.from([0, 0, 1, 2, 3]),
};

/** A sound update of somebody else: a text at `/theirs` and a value. */
export function sound(): Uint8Array {
  const document = new Y.Doc();
  document.getMap('context').set('/theirs', { a: [1, 'two', { three: null }] });
  document.getText('text:/their-text').insert(0, 'what another one wrote');
  return Y.encodeStateAsUpdate(document);
}

/** Every shorter beginning of it. */
export function truncated(update: Uint8Array): Uint8Array[] {
  return Array.from(update.slice(1), (_, at) => update.slice(0, at + 1));
}

/** As many copies, each with a few bytes changed, the same ones at each run. */
export function mutated(update: Uint8Array, copies: number): Uint8Array[] {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  return Array.from({ length: copies }, () => {
    const copy = update.slice();
    for (let changes = 1 + random(4); changes > 0; changes -= 1) {
      copy[random(copy.length)] = random(256);
    }
    return copy;
  });
}

/** One value in the context's map, by client 7, its content given. */
function inMap(content: number[]): Uint8Array {
  const key = Buffer.from('/bomb');
  const root = Buffer.from('context');
  return Uint8Array.from([1, 1, 7, 0, 0x28, 1, root.length, ...root, key.length, ...key, ...content, 0]);
}

/** Maps in maps, each the child of the one before. */
function nestedTypes(count: number): Uint8Array {
  const structs = Array.from({ length: count }, (_, at) => nestedType(at)).flat();
  return Uint8Array.from([1, ...varint(count), 7, 0, ...structs, 0]);
}

/** The same, each in a small update of its own. */
export function nestedOneByOne(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) =>
    Uint8Array.from([1, 1, 7, ...varint(at), ...nestedType(at), 0]),
  );
}

function nestedType(at: number): number[] {
  const root = Buffer.from('context');
  return at === 0 ? [0x27, 1, root.length, ...root, 1, 97, 1] : [0x27, 0, 7, ...varint(at - 1), 1, 97, 1];
}

function repeated(bytes: number[], times: number): number[] {
  return Array.from({ length: times }, () => bytes).flat();
}

/** A reply of the server with one more update in it, before those that it brings: fewer than 127. */
export function withNews(reply: Uint8Array, update: Uint8Array): Uint8Array {
  // The envelope, the batch's id and an outcome without words are before the list of updates.
  const at = 4 + 17 + 1;
  const number = reply[at];
  // Another exchange follows words.
  if (reply[at - 1] !== 0) return reply;
  if (number === undefined || number >= 0x7f) throw new Error('the server answered with very many updates');
  return Uint8Array.from([...reply.slice(0, at), number + 1, ...ofLog(update), ...reply.slice(at + 1)]);
}

/** As the reply to another request. */
export function ofAnotherBatch(reply: Uint8Array): Uint8Array {
  return Uint8Array.from([...reply.slice(0, 4), ...uuid(), ...reply.slice(4 + 17)]);
}

/** An update of the server's log that no restore made. */
function ofLog(update: Uint8Array): number[] {
  return [...block(update), 0];
}
