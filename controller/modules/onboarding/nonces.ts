// SPDX-License-Identifier: Apache-2.0
/** Nonces: each good once and for five minutes; and a count of failures by address. */
import { type Clock, MINUTE, type RandomBytes } from '../../../plugins/contract/index.ts'

const LIFE_MS = 5 * MINUTE
const MAX_NONCES = 10_000

export interface Nonces {
  make(): string
  /** True once for each nonce that was made here and is young enough. */
  use(nonce: string): boolean
}

export function createNonces(clock: Clock, random: RandomBytes): Nonces {
  const made = new Map<string, number>()
  return {
    make: () => {
      const nonce = Buffer.from(random(18)).toString('base64url')
      // Maps keep the order of insertion, so the first is the oldest.
      for (const [old, at] of made) {
        if (made.size < MAX_NONCES && at + LIFE_MS > clock.monotonic()) break
        made.delete(old)
      }
      made.set(nonce, clock.monotonic())
      return nonce
    },
    use: nonce => {
      const at = made.get(nonce)
      made.delete(nonce)
      return at !== undefined && at + LIFE_MS > clock.monotonic()
    },
  }
}

export interface Failures {
  note(address: string): void
  /** True when an address has failed more often in the last minute than it may. */
  tooMany(address: string): boolean
}

const MAX_ADDRESSES = 10_000

export function createFailures(clock: Clock, perMinute: number): Failures {
  const failed = new Map<string, number[]>()
  const recent = (address: string): number[] =>
    (failed.get(address) ?? []).filter(at => at > clock.monotonic() - MINUTE)
  return {
    note: address => {
      const times = [...recent(address), clock.monotonic()].slice(-perMinute)
      failed.delete(address)
      failed.set(address, times)
      const [oldest] = failed.keys()
      if (failed.size > MAX_ADDRESSES && oldest !== undefined) failed.delete(oldest)
    },
    tooMany: address => recent(address).length >= perMinute,
  }
}
