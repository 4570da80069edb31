/** The value below which so many of a hundred are. */
export function percentile(samples: number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

export function median(samples: number[]): number {
  return percentile(samples, 50);
}

/** `1.23 ms` */
export function ms(value: number, digits = 2): string {
  return `${value.toFixed(digits)} ms`;
}
