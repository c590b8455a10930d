// SPDX-License-Identifier: Apache-2.0
/** Joining bytes, and keeping those of an unfinished frame. */

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts)
}

/** Bytes that wait for the rest of their frame, at most `limit` of them. */
export interface Pending {
  readonly bytes: Uint8Array
  /** `false` when it would be more than the limit; nothing is kept then. */
  add(data: Uint8Array): boolean
  drop(count: number): void
  takeAll(): Uint8Array
}

export function createPending(limit: number): Pending {
  let bytes: Uint8Array = new Uint8Array(0)
  return {
    get bytes() {
      return bytes
    },
    add: data => {
      if (bytes.length + data.length > limit) return false
      bytes = bytes.length === 0 ? data : concat([bytes, data])
      return true
    },
    drop: count => {
      bytes = bytes.subarray(count)
    },
    takeAll: () => {
      const all = bytes
      bytes = new Uint8Array(0)
      return all
    },
  }
}
