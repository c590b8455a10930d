// SPDX-License-Identifier: Apache-2.0
/** Randomness of the real machine. */
import { randomBytes } from 'node:crypto'
import type { RandomBytes } from '../../plugins/contract/index.ts'

/** Cryptographically strong bytes from the operating system. */
export const systemRandom: RandomBytes = count => new Uint8Array(randomBytes(count))
