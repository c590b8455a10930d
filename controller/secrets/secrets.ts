// SPDX-License-Identifier: Apache-2.0
/** The port through which modules keep secrets: encrypted at rest, versioned, and never printed by accident. */
import { timingSafeEqual } from 'node:crypto'
import { inspect } from 'node:util'
import { port } from '../kernel/module.ts'
import type { Db } from '../store/store.ts'

const SHOWN = '[secret]'

/** A value that no log, template or JSON shows; {@link Secret.use} is the only way to it. */
export class Secret {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  static of(text: string): Secret {
    return new Secret(text)
  }

  /** Hands the text to an act and returns what that makes of it. */
  use<R>(act: (text: string) => R): R {
    return act(this.#text)
  }

  /** Compares in a time that depends on the length of `other` only. */
  equals(other: string | Uint8Array): boolean {
    const given = Buffer.from(other)
    const own = Buffer.alloc(given.length)
    const text = Buffer.from(this.#text)
    text.copy(own)
    return timingSafeEqual(given, own) && text.length === given.length
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [inspect.custom](): string {
    return SHOWN
  }
}

/** Whose secret, and what for: `{ project, kind: 'amt-admin', owner: <GUID> }`. The installation's own have project `''`. */
export type SecretName = { readonly project: string; readonly kind: string; readonly owner: string }

/**
 * `pending`: written ahead of being set, so that a cut can never lose it. `active`: verified to be in force.
 * `previous`: was in force; the last three are kept.
 */
export type SecretState = 'pending' | 'active' | 'previous'

export type StoredSecret = {
  /** Counts up by one name. */
  readonly version: number
  readonly state: SecretState
  readonly value: Secret
}

/** All acts work within the transaction (or on the store) that is given, so that a secret and what it belongs to are one. */
export interface Secrets {
  /** Keeps a new value as pending and returns its version; values that were pending before stay candidates. */
  propose(db: Db, name: SecretName, value: Secret): Promise<number>
  /** Makes a version the active one; the former becomes previous, and older pending ones are dropped. Idempotent. */
  activate(db: Db, name: SecretName, version: number): Promise<void>
  /** Keeps a value that needs no verification. */
  put(db: Db, name: SecretName, value: Secret): Promise<number>
  /** The active value. Throws `secrets-unreadable` when it is there and cannot be decrypted. */
  active(db: Db, name: SecretName): Promise<Secret | undefined>
  /** Everything that may be in force after a cut, most likely first: active, pending (newest first), previous. */
  candidates(db: Db, name: SecretName): Promise<readonly StoredSecret[]>
  /** Forgets every version. */
  remove(db: Db, name: SecretName): Promise<void>
}

export const secretStore = port<Secrets>('secrets')

/** Secrets that the configuration names as files. */
export interface SecretFiles {
  /** Without the line end after it. Throws `secret-file-unusable`. */
  read(path: string): Promise<Secret>
}

export const secretFiles = port<SecretFiles>('secret-files')
