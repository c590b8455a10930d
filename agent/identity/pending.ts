// SPDX-License-Identifier: Apache-2.0
/** An enrollment that has begun: its key is on disk before anybody is asked, so that a lost answer costs no token. */
import { posix } from 'node:path'
import { type Static, Type } from 'typebox'
import { findings, HOUR, parseBounded } from '../../plugins/contract/index.ts'
import { createKey } from '../../provisioning/pki/keys.ts'
import type { System } from '../system/system.ts'

/** How long the same token with the same key gets the same answer. */
const REUSED_MS = HOUR
const MAX_FILE_BYTES = 16_384

const PendingEnrollment = Type.Object({
  url: Type.String({ maxLength: 300 }),
  tokenId: Type.String({ maxLength: 64 }),
  key: Type.String({ maxLength: 1_024 }),
  createdAt: Type.Integer(),
  /** Somebody must approve: what to ask with. */
  waiting: Type.Optional(
    Type.Object({ request: Type.String({ maxLength: 64 }), secret: Type.String({ maxLength: 64 }) }),
  ),
})
export type PendingEnrollment = Static<typeof PendingEnrollment>

export interface Pending {
  /** Goes on with what was begun for this controller and token less than an hour ago, or waits for approval; else begins. */
  begin(what: Pick<PendingEnrollment, 'url' | 'tokenId'>): Promise<PendingEnrollment>
  save(pending: PendingEnrollment): Promise<void>
  clear(): Promise<void>
}

/** Keeps the one enrollment of a folder. */
export function openPending({ files, clock }: Pick<System, 'files' | 'clock'>, dir: string): Pending {
  const path = posix.join(dir, 'enrollment.json')
  const save = (pending: PendingEnrollment): Promise<void> => files.replace(path, JSON.stringify(pending), 0o600)
  return {
    save,
    clear: () => files.remove(path),
    async begin({ url, tokenId }) {
      const found = parse(await files.read(path))
      const age = clock.now() - (found?.createdAt ?? 0)
      const isYoung = age >= 0 && age < REUSED_MS
      if (found?.url === url && found.tokenId === tokenId && (isYoung || found.waiting !== undefined)) return found
      const fresh = { url, tokenId, key: await createKey(), createdAt: clock.now() }
      await save(fresh)
      return fresh
    },
  }
}

function parse(bytes: Uint8Array | undefined): PendingEnrollment | undefined {
  const value = bytes === undefined ? undefined : parseBounded(bytes, MAX_FILE_BYTES)
  return findings(PendingEnrollment, value).length === 0 ? (value as PendingEnrollment) : undefined // as just checked
}
