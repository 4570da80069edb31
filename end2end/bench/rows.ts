import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { test } from '@playwright/test';

/** One line of the table, as bench/src/row.rs has it. */
export interface Row {
  what: string;
  target: string;
  measured: string;
  /** What stood beside it in the same run. */
  beside: string;
  met: boolean;
}

const folder = process.env['HOLDFAST_BENCH_ROWS'] ?? join(import.meta.dirname, '../test-results/bench');

/** Writes the rows of the benchmark that runs; the table is printed from all of them. */
export async function report(...rows: Row[]): Promise<void> {
  const file = join(folder, `${test.info().titlePath[0]?.replaceAll('/', '_')}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(rows, null, 2));
}
