// SPDX-License-Identifier: Apache-2.0
/** Seals values with a key of their own that the installation's key wraps (envelope encryption, AES-256-GCM). */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { RandomBytes } from '../../plugins/contract/index.ts'
import { problem } from './problems.ts'

const LAYOUT = 1
const KEY = 32
const IV = 12
const TAG = 16
const KEY_ID = 4
const WRAPPED = IV + KEY + TAG
const HEAD = 1 + KEY_ID + WRAPPED

/** The key that wraps all others: 32 bytes. */
export type MasterKey = { readonly id: Buffer; readonly bytes: Buffer }

/** Gives a key its name, so that a wrong one is recognised before it is tried. Throws `secrets-key-unusable`. */
export function masterKey(bytes: Uint8Array): MasterKey {
  if (bytes.length !== KEY) throw problem('secrets-key-unusable', `it has ${bytes.length} bytes instead of ${KEY}`)
  return { bytes: Buffer.from(bytes), id: createHash('sha256').update(bytes).digest().subarray(0, KEY_ID) }
}

/**
 * Returns base64 of `layout ‖ key id ‖ wrapped key ‖ iv ‖ ciphertext ‖ tag`. `about` is authenticated with it, so that a
 * sealed value cannot be moved to another row.
 */
export function seal(master: MasterKey, random: RandomBytes, { text, about }: { text: string; about: string }): string {
  const key = Buffer.from(random(KEY))
  const wrapped = encrypt(master.bytes, random, { content: key, about })
  const sealed = encrypt(key, random, { content: Buffer.from(text), about })
  return Buffer.concat([Buffer.of(LAYOUT), master.id, wrapped, sealed]).toString('base64')
}

/** Throws `secrets-unreadable` when key, row or content do not belong together. */
export function unseal(master: MasterKey, sealed: string, about: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < HEAD + IV + TAG || bytes[0] !== LAYOUT)
    throw problem('secrets-unreadable', 'it has another layout')
  if (!bytes.subarray(1, 1 + KEY_ID).equals(master.id))
    throw problem('secrets-unreadable', 'it was sealed with another key')
  try {
    const key = decrypt(master.bytes, bytes.subarray(1 + KEY_ID, HEAD), about)
    return decrypt(key, bytes.subarray(HEAD), about).toString()
  } catch {
    throw problem('secrets-unreadable', 'it was changed, or moved from another row')
  }
}

type Plain = { readonly content: Uint8Array; readonly about: string }

function encrypt(key: Buffer, random: RandomBytes, { content, about }: Plain): Buffer {
  const iv = random(IV)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about))
  return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer, about: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV)).setAAD(Buffer.from(about))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  return Buffer.concat([decipher.update(sealed.subarray(IV, sealed.length - TAG)), decipher.final()])
}
