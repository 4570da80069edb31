import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Numbers that follow from a seed (mulberry32), from 0 to below 1. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * What a failing disk does: so many bytes of the databases in a profile, whose browser is closed, are others.
 * Which, follows from the seed. Names the files.
 */
export async function flipBytes(profile: string, seed: number, bytes: number): Promise<string[]> {
  const next = chance(seed);
  const all = join(profile, 'Default', 'IndexedDB');
  const entries = await readdir(all, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/^(LOCK|LOG)/.test(entry.name));
  const paths: string[] = [];
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    if ((await stat(path)).size > 0) paths.push(path);
  }
  if (paths.length === 0) throw new Error('the profile has no database');
  paths.sort();
  const flipped = new Set<string>();
  for (let number = 0; number < bytes; number += 1) {
    const path = paths[Math.floor(next() * paths.length)] ?? '';
    const content = await readFile(path);
    const at = Math.floor(next() * content.length);
    content[at] = (content[at] ?? 0) ^ (1 + Math.floor(next() * 255));
    await writeFile(path, content);
    flipped.add(path.slice(all.length + 1));
  }
  return [...flipped];
}

/** What a failing disk does at worst: the databases in a profile, whose browser is closed, never open again. */
export async function loseManifests(profile: string): Promise<void> {
  const all = join(profile, 'Default', 'IndexedDB');
  const entries = await readdir(all, { recursive: true, withFileTypes: true });
  const manifests = entries.filter((entry) => entry.name.startsWith('MANIFEST'));
  if (manifests.length === 0) throw new Error('the profile has no database');
  for (const { parentPath, name } of manifests) await rm(join(parentPath, name));
}
