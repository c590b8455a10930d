// SPDX-License-Identifier: Apache-2.0
/** An identity as it lies on disk: who this host is, and how it proves it. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Static, Type } from 'typebox'
import {
  findings,
  HOST_ID_PATTERN,
  parseBounded,
  type RandomBytes,
  SEGMENT_PATTERN,
  TrustBundle,
} from '../../plugins/contract/index.ts'

const Millis = Type.Integer({ minimum: 0 })
const Slot = Type.Enum(['a', 'b'])
export type Slot = Static<typeof Slot>

/** What enrollment and renewal produce. */
export const NewIdentity = Type.Object({
  host: Type.String({ pattern: HOST_ID_PATTERN }),
  project: Type.String({ pattern: SEGMENT_PATTERN }),
  installation: Type.String({ minLength: 1, maxLength: 64 }),
  /** `https://` address of the controller, without a path. */
  url: Type.String({ pattern: '^https://', maxLength: 300 }),
  broker: Type.Object({ host: Type.String({ maxLength: 255 }), port: Type.Integer({ minimum: 1, maximum: 65_535 }) }),
  /** PEM, leaf first. */
  certificate: Type.String({ maxLength: 8_192 }),
  /** PKCS #8 PEM. */
  key: Type.String({ maxLength: 1_024 }),
  /** SHA-256 over the leaf, hexadecimal. */
  fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  notBefore: Millis,
  notAfter: Millis,
  trust: TrustBundle,
  /** For the very first session; later ones come with each session. Only enrollment hands one out, not renewal. */
  ticket: Type.Optional(Type.String({ maxLength: 64 })),
})
export type NewIdentity = Static<typeof NewIdentity>

export const Identity = Type.Object({
  ...NewIdentity.properties,
  slot: Slot,
  /** Rises with every identity this machine writes. */
  generation: Type.Integer({ minimum: 1 }),
  /** When certificates were renewed here in the day before this one was written, itself included. */
  renewedAt: Type.Array(Millis, { maxItems: 64 }),
  /** When a session was first completed with it. */
  confirmedAt: Type.Optional(Millis),
  /** When a newer one was confirmed. */
  supersededAt: Type.Optional(Millis),
  /** Salt and SHA-256 over salt and machine id; empty when the machine had no id. */
  machineIdDigest: Type.String({ maxLength: 128 }),
})
export type Identity = Static<typeof Identity>

/** Largest file that can be an identity: bundles hold up to three roots and sixteen keys. */
const MAX_FILE_BYTES = 65_536

/** Reads an identity; `undefined` when the bytes are none, which only damage from outside can cause. */
export function parseIdentity(bytes: Uint8Array | undefined): Identity | undefined {
  if (bytes === undefined) return undefined
  const value = parseBounded(bytes, MAX_FILE_BYTES)
  return findings(Identity, value).length === 0 ? (value as Identity) : undefined // the schema has just said so
}

/** Digests a machine id with a fresh salt, so that it cannot be looked up from a stolen file; empty for an empty id. */
export function digestMachineId(machineId: string, random: RandomBytes): string {
  return machineId === '' ? '' : saltedDigest(machineId, Buffer.from(random(16)).toString('base64url'))
}

/** Whether a digest is of this machine. An identity from when the machine had no id fits every machine. */
export function isOfMachine(digest: string, machineId: string): boolean {
  if (digest === '') return true
  const [salt = ''] = digest.split('.', 1)
  const expected = Buffer.from(saltedDigest(machineId, salt))
  const stored = Buffer.from(digest)
  return expected.length === stored.length && timingSafeEqual(expected, stored)
}

function saltedDigest(machineId: string, salt: string): string {
  return `${salt}.${createHash('sha256').update(`${salt}\n${machineId}`).digest('base64url')}`
}
