import { randomUUID } from 'node:crypto';

/** Reads the [postcard](https://postcard.jamesmunns.com/wire-format) bodies of Holdfast's envelopes. */
export class Postcard {
  private at = 0;

  private constructor(private readonly bytes: Uint8Array) {}

  /** Opens an envelope: `HF`, the format version as u16 little-endian, the body. */
  static open(bytes: Uint8Array): Postcard {
    const [h, f, low, high] = bytes;
    if (h !== 0x48 || f !== 0x46 || low !== 1 || high !== 0) {
      throw new Error(`not an envelope of format 1: ${Buffer.from(bytes.subarray(0, 4)).toString('hex')}`);
    }
    return new Postcard(bytes.subarray(4));
  }

  /** An unsigned number, or the number of an enum's variant. */
  unsigned(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error('the body ends in a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  }

  /** A signed number (zigzag). */
  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A length and so many bytes. */
  block(): Uint8Array {
    const length = this.unsigned();
    if (this.at + length > this.bytes.length) throw new Error('the body ends in a block');
    return this.bytes.subarray(this.at, (this.at += length));
  }

  /** A UUID in its written form. */
  uuid(): string {
    const hex = Buffer.from(this.block()).toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

/** A body in an envelope, from its parts. */
export function sealed(...parts: Iterable<number>[]): Uint8Array {
  return Uint8Array.from([0x48, 0x46, 1, 0, ...parts.flatMap((part) => [...part])]);
}

/** A UUID, a new one where none is given. */
export function uuid(id: string = randomUUID()): number[] {
  return block(Buffer.from(id.replaceAll('-', ''), 'hex'));
}

/** A length and so many bytes. */
export function block(bytes: Uint8Array): number[] {
  return [...varint(bytes.length), ...bytes];
}

/** An unsigned number. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
