// SPDX-License-Identifier: Apache-2.0
/** The helper's own copy of what this host trusts, in a folder that only root may read. */
import { posix } from 'node:path'
import { type Static, Type } from 'typebox'
import {
  type Files,
  findings,
  HOST_ID_PATTERN,
  parseBounded,
  SEGMENT_PATTERN,
  TrustBundle,
} from '../../plugins/contract/index.ts'
import { acceptTrust } from '../identity/trust.ts'

export const DEFAULT_STATE_DIR = '/var/lib/muster-helper'
const MAX_FILE_BYTES = 65_536

export const TrustCopy = Type.Object({
  v: Type.Literal(1),
  host: Type.String({ pattern: HOST_ID_PATTERN }),
  project: Type.String({ pattern: SEGMENT_PATTERN }),
  installation: Type.String({ minLength: 1, maxLength: 64 }),
  trust: TrustBundle,
})
export type TrustCopy = Static<typeof TrustCopy>

const pathIn = (dir: string): string => posix.join(dir, 'trust.json')

/** `undefined` when there is none, or when what is there is none. */
export async function readTrustCopy(files: Files, dir: string): Promise<TrustCopy | undefined> {
  const bytes = await files.read(pathIn(dir))
  const value = bytes === undefined ? undefined : parseBounded(bytes, MAX_FILE_BYTES)
  return findings(TrustCopy, value).length === 0 ? (value as TrustCopy) : undefined // the schema has just said so
}

/** Replaces the copy; to be called by an enrollment that runs as root, and by nobody else. */
export async function writeTrustCopy(files: Files, dir: string, copy: Omit<TrustCopy, 'v'>): Promise<void> {
  const { host, project, installation, trust } = copy
  await files.replace(pathIn(dir), JSON.stringify({ v: 1, host, project, installation, trust }), 0o600)
}

/**
 * Follows a rotation: takes up a newer bundle when a root of the present one has signed it, whoever brings it.
 * Throws `trust-refused` for any other.
 */
export async function renewTrustCopy(
  files: Files,
  dir: string,
  { present, next }: { readonly present: TrustCopy; readonly next: TrustBundle },
): Promise<TrustCopy> {
  const trust = acceptTrust(present.trust, next)
  // The same version signed once more says nothing new, and must not be a way to wear out a disk.
  if (trust.head.version === present.trust.head.version) return present
  const renewed = { ...present, trust }
  await writeTrustCopy(files, dir, renewed)
  return renewed
}
