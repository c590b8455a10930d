// SPDX-License-Identifier: Apache-2.0
/** Repeatable randomness: the same words always give the same throws, on every machine. */
import { createHash } from 'node:crypto'

export interface Dice {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  /** A fraction from 0 up to, not including, 1. */
  fraction(): number
  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T
  bytes(count: number): Uint8Array
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string
}

const WORD = 0x1_0000_0000

/**
 * Makes dice from words. Each fact takes dice of its own, named by the fact, so that a fact added later leaves the
 * earlier ones as they were.
 */
export function diceOf(...words: readonly (string | number)[]): Dice {
  const next = sfc32(createHash('sha256').update(words.join('\u0000')).digest())
  const below = (limit: number): number => Math.floor((next() / WORD) * limit)
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => next() >>> 24)
  return {
    below,
    bytes,
    between: (low, high) => low + below(high - low + 1),
    fraction: () => next() / WORD,
    pick: list => {
      const chosen = list[below(list.length)]
      if (chosen === undefined) throw new RangeError('nothing to pick from')
      return chosen
    },
    hex: digits =>
      Buffer.from(bytes(Math.ceil(digits / 2)))
        .toString('hex')
        .slice(0, digits),
  }
}

/** Chris Doty-Humphrey's small fast counting generator, 32 bits; passes PractRand far beyond what is drawn here. */
function sfc32(seed: Buffer): () => number {
  let a = seed.readUInt32LE(0)
  let b = seed.readUInt32LE(4)
  let c = seed.readUInt32LE(8)
  let counter = seed.readUInt32LE(12)
  return () => {
    const sum = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = (b ^ (b >>> 9)) >>> 0
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0
    return sum
  }
}
