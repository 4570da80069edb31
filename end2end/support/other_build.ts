import type { Page } from '@playwright/test';

/** How a build of another format reads what this one writes. */
export type Reads = 'reads the old' | 'reads only its own';

/**
 * Makes a page of the build that comes after this one, as far as other tabs and the journal can tell: all it
 * says and stores has the next format's number, and it reads that. What this build wrote it reads as well, and
 * knows that this one cannot read it; or takes it for something it does not know. To be called before the page
 * loads. What it says to the server stays.
 */
export async function asNextBuild(page: Page, reads: Reads): Promise<void> {
  await page.addInitScript(translate, { next: 2, unknown: 9, readsOld: reads === 'reads the old' });
}

/** Runs in the page before its own scripts. */
function translate({ next, unknown, readsOld }: { next: number; unknown: number; readsOld: boolean }): void {
  const isOurs = (value: unknown): value is Uint8Array =>
    value instanceof Uint8Array && value[0] === 0x48 && value[1] === 0x46;
  const as = (format: number, bytes: Uint8Array) => {
    const copy = bytes.slice();
    copy[2] = format;
    return copy;
  };
  const written = (value: unknown) => (isOurs(value) ? as(next, value) : value);
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(read);
    if (!isOurs(value)) return value;
    if (value[2] === next) return as(1, value);
    return readsOld ? value : as(unknown, value);
  };
  const reading = (
    prototype: object,
    name: string,
    look: (of: unknown, value: unknown) => void = () => {},
  ) => {
    const plain = Object.getOwnPropertyDescriptor(prototype, name);
    Object.defineProperty(prototype, name, {
      ...plain,
      get(this: unknown) {
        const value: unknown = plain?.get?.call(this);
        look(this, value);
        return read(value);
      },
    });
  };

  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function (message) {
    postMessage.call(this, written(message));
  };
  reading(MessageEvent.prototype, 'data', (event, value) => {
    const { target } = event as MessageEvent;
    if (!(readsOld && isOurs(value) && value[2] === 1 && target instanceof BroadcastChannel)) return;
    // There is a tab that understands nothing of this one, and that is the same for both.
    const message = as(unknown, value);
    queueMicrotask(() => target.dispatchEvent(new MessageEvent('message', { data: message })));
  });

  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
    return put.call(this, written(value), key);
  };
  reading(IDBRequest.prototype, 'result');

  // Base64 of `HF` and the format.
  const numbered = (format: number) => `"${btoa(String.fromCharCode(0x48, 0x46, format))}`;
  const { setItem, getItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, value) {
    setItem.call(this, key, value.replace(numbered(1), numbered(next)));
  };
  Storage.prototype.getItem = function (key) {
    const stored = getItem.call(this, key);
    if (stored?.startsWith(numbered(next))) return stored.replace(numbered(next), numbered(1));
    return readsOld ? stored : (stored?.replace(numbered(1), numbered(unknown)) ?? null);
  };
}
