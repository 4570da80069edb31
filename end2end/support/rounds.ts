/** Whether this is `make soak`: everything as often and as long as the rules were measured with. */
export const soaking = process.env['HOLDFAST_SOAK'] === '1';

/** How often something is done: bounded in `make test`, in full in `make soak`. */
export function rounds(bounded: number, full: number): number {
  return soaking ? full : bounded;
}
