// SPDX-License-Identifier: Apache-2.0
/** Argon2id hashes of passwords (RFC 9106) as PHC strings: only so many at once, each of the same cost for everybody. */
import { type Argon2Parameters, argon2, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../../../../plugins/contract/index.ts'
import { problem } from '../problems.ts'

export type PasswordCost = { readonly memoryKiB: number; readonly passes: number; readonly parallelism: number }

export interface Passwords {
  /** A PHC string with a salt of its own. */
  hash(password: string): Promise<string>
  /** Whether a password fits; takes as long for `undefined`, which nothing fits. */
  verify(phc: string | undefined, password: string): Promise<boolean>
  /** Whether the hash was made at another cost than is asked for now. */
  isOutdated(phc: string): boolean
  /** Hashes that are being worked on. */
  readonly running: number
}

export type PasswordParts = {
  readonly random: RandomBytes
  readonly cost?: PasswordCost
  /** Hashes at once; each takes its memory and one of the process's four background threads. */
  readonly atOnce?: number
  readonly waiting?: number
}

/** RFC 9106 §4, second recommendation: 64 MiB. */
export const USUAL_COST: PasswordCost = { memoryKiB: 65_536, passes: 3, parallelism: 1 }
const TAG_BYTES = 32
const SALT_BYTES = 16

/** Throws `sign-in-busy` when too many wait already. */
export function createPasswords({ random, cost = USUAL_COST, atOnce = 2, waiting = 32 }: PasswordParts): Passwords {
  let running = 0
  const queue: (() => void)[] = []
  const turn = async <R>(work: () => Promise<R>): Promise<R> => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw problem('sign-in-busy')
      await new Promise<void>(resolve => queue.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next === undefined) running--
      else next()
    }
  }
  const nobody = encode(cost, Buffer.from(random(SALT_BYTES)), Buffer.from(random(TAG_BYTES)))
  return {
    hash: password =>
      turn(async () => {
        const salt = Buffer.from(random(SALT_BYTES))
        return encode(cost, salt, await derive(password, { cost, salt, length: TAG_BYTES }))
      }),
    verify: (phc, password) =>
      turn(async () => {
        const known = parsePhc(phc ?? nobody)
        if (known === undefined) return false
        const { tag, ...how } = known
        const fits = timingSafeEqual(await derive(password, { ...how, length: tag.length }), tag)
        return phc !== undefined && fits
      }),
    isOutdated: phc => {
      const known = parsePhc(phc)?.cost
      return known === undefined || JSON.stringify(known) !== JSON.stringify(cost)
    },
    get running() {
      return running
    },
  }
}

type Derivation = { readonly cost: PasswordCost; readonly salt: Buffer; readonly length: number }

/** The hash itself; passwords are compared in Unicode's composed form, as RFC 8265 §4.2 asks. */
export function derive(password: string, { cost, salt, length }: Derivation): Promise<Buffer> {
  const parameters: Argon2Parameters = {
    message: Buffer.from(password.normalize('NFC')),
    nonce: salt,
    parallelism: cost.parallelism,
    tagLength: length,
    memory: cost.memoryKiB,
    passes: cost.passes,
  }
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)))
  })
}

function encode({ memoryKiB, passes, parallelism }: PasswordCost, salt: Buffer, tag: Buffer): string {
  const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${bare(salt)}$${bare(tag)}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/

/** The parts of a PHC string; `undefined` for anything else. */
export function parsePhc(
  text: string,
): { readonly cost: PasswordCost; readonly salt: Buffer; readonly tag: Buffer } | undefined {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(text) ?? []
  if (memory === undefined) return undefined
  return {
    cost: { memoryKiB: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}
