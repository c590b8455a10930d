// SPDX-License-Identifier: Apache-2.0
/** A store with the kernel's tables, and surroundings a test can turn. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { Signer, Surroundings } from '../../controller/kernel/ports.ts'
import { ensureProject } from '../../controller/kernel/projects.ts'
import { kernelMigrations } from '../../controller/kernel/tables/migrations.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { realRandom } from '../../controller/system/clock.ts'
import { createFakeClock } from '../../simulator/clock.ts'

const nothing = () => undefined
export const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

export function surroundings(start = Date.parse('2026-11-21T04:00:00Z')) {
  const clock = createFakeClock(start)
  const given: Surroundings = {
    clock,
    random: realRandom,
    digest: text => createHash('sha256').update(text).digest('base64url'),
    log: silent,
  }
  return { ...given, clock }
}

export async function kernelStore(file = ':memory:') {
  const store = openSqlite(file)
  await store.migrate('kernel', kernelMigrations)
  await ensureProject(store, 'default', surroundings())
  return store
}

export const enoughMemory = () => ({ level: 'normal', rssBytes: 0, softBytes: 1, hardBytes: 1 }) as const

export function testSigner(): Signer & { readonly pem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'jwk' }).x ?? ''
  return {
    kid: 'command',
    sign: () => 'x'.repeat(86),
    signCheckpoint: bytes => ({ kid: 'audit', sig: sign(null, bytes, privateKey).toString('base64url') }),
    auditKey: { kid: 'audit', publicKey: raw },
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}
