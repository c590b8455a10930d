// SPDX-License-Identifier: Apache-2.0
/** Join tokens: made once, shown once, kept as a digest. */
import { formatTime } from '../../../plugins/contract/index.ts'
import { newToken, parseCredential } from '../../../provisioning/enroll/token.ts'
import type { Label } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { problem } from '../../kernel/problems.ts'
import { findProject } from '../../kernel/projects.ts'
import { withinQuota } from '../../kernel/quotas.ts'
import type { Db, Tx } from '../../store/store.ts'
import type { JoinTokenRow, OnboardingTables } from './tables.ts'

export type JoinToken = {
  readonly id: string
  readonly uses: number
  readonly used: number
  readonly expiresAt: string
  readonly labels: readonly Label[]
  readonly needsApproval: boolean
  readonly serial?: string
  readonly cidr?: string
  readonly host?: string
  readonly siteId?: string
  readonly note: string
  readonly createdAt: string
  readonly createdBy: string
  readonly lastUsedAt?: string
  readonly lastUsedFrom?: string
  readonly revokedAt?: string
}

export type NewJoinToken = {
  readonly uses: number
  readonly expiresInMs: number
  readonly labels: readonly Label[]
  readonly needsApproval: boolean
  readonly serial: string | undefined
  readonly cidr: string | undefined
  /** The host that its machine becomes. */
  readonly host: string | undefined
  readonly site: string | undefined
  readonly note: string
  readonly by: string
}

export async function createJoinToken(
  { clock, random, digest }: Pick<Kernel, 'clock' | 'random' | 'digest'>,
  tx: Tx,
  project: string,
  fresh: NewJoinToken,
): Promise<{ readonly token: JoinToken; readonly id: string; readonly secret: string }> {
  await withinQuota(tx, project, { quota: 'joinTokens', present: () => countLiving(tx, project, clock.now()) })
  const { id, secret } = easyToken(random)
  const row: Omit<JoinTokenRow, 'project'> = {
    id,
    digest: digest(secret),
    uses: fresh.uses,
    used: 0,
    expires_at: formatTime(clock.now() + fresh.expiresInMs),
    labels: JSON.stringify(fresh.labels),
    needs_approval: fresh.needsApproval ? 1 : 0,
    serial: fresh.serial ?? null,
    cidr: fresh.cidr ?? null,
    host: fresh.host ?? null,
    site: fresh.site ?? null,
    note: fresh.note,
    created_at: formatTime(clock.now()),
    created_by: fresh.by,
    last_used_at: null,
    last_used_from: null,
    revoked_at: null,
  }
  await tx.of<OnboardingTables>(project).insert('onboarding_tokens', row).execute()
  return { token: tokenOf({ ...row, project }), id, secret }
}

/** Tokens that still let machines in. */
async function countLiving(db: Db, project: string, now: number): Promise<number> {
  const { total } = await db
    .of<OnboardingTables>(project)
    .select('onboarding_tokens')
    .select(each => each.fn.countAll<number>().as('total'))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', formatTime(now))
    .where(each => each('used', '<', each.ref('uses')))
    .executeTakeFirstOrThrow()
  return Number(total)
}

/** Ids that start like an option or a separator are a nuisance on a command line. */
function easyToken(random: Kernel['random']): ReturnType<typeof newToken> {
  for (;;) {
    const drawn = newToken(random)
    if (/^[A-Za-z0-9]/.test(drawn.id)) return drawn
  }
}

/** Finds a token by what a machine presents, in whatever project it belongs to. */
export async function findPresented(
  db: Db,
  digest: Kernel['digest'],
  presented: string,
): Promise<JoinTokenRow | undefined> {
  const credential = parseCredential(presented)
  if (credential === undefined) return undefined
  // The lookup is by the digest of the secret, so its time tells nothing about secrets that exist.
  const token = await db
    .installation<OnboardingTables>()
    .selectFrom('onboarding_tokens')
    .selectAll()
    .where('digest', '=', digest(credential.secret))
    .where('id', '=', credential.id)
    .executeTakeFirst()
  if (token === undefined) return undefined
  const project = await findProject(db, token.project)
  return project?.state === 'active' ? token : undefined
}

export async function findToken(db: Db, project: string, id: string): Promise<JoinTokenRow | undefined> {
  return db
    .of<OnboardingTables>(project)
    .select('onboarding_tokens')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Takes one use; false when another machine was faster. */
export async function useToken(tx: Tx, token: JoinTokenRow, by: { address: string; now: number }): Promise<boolean> {
  const done = await tx
    .of<OnboardingTables>(token.project)
    .update('onboarding_tokens', { last_used_at: formatTime(by.now), last_used_from: by.address })
    .set(each => ({ used: each('used', '+', 1) }))
    .where('id', '=', token.id)
    .where('revoked_at', 'is', null)
    .where(each => each('used', '<', each.ref('uses')))
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export async function listJoinTokens(db: Db, project: string): Promise<readonly JoinToken[]> {
  const rows = await db
    .of<OnboardingTables>(project)
    .select('onboarding_tokens')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(500)
    .execute()
  return rows.map(tokenOf)
}

/** Throws `not-found`. */
export async function revokeJoinToken(tx: Tx, project: string, id: string, now: number): Promise<void> {
  const done = await tx
    .of<OnboardingTables>(project)
    .update('onboarding_tokens', { revoked_at: formatTime(now) })
    .where('id', '=', id)
    .executeTakeFirst()
  if (done.numUpdatedRows !== 1n) throw problem('not-found', `join token ${id.slice(0, 40)}`)
}

function tokenOf(row: JoinTokenRow): JoinToken {
  return {
    id: row.id,
    uses: row.uses,
    used: row.used,
    expiresAt: row.expires_at,
    labels: JSON.parse(row.labels) as Label[], // written by createJoinToken
    needsApproval: row.needs_approval === 1,
    ...(row.serial === null ? {} : { serial: row.serial }),
    ...(row.cidr === null ? {} : { cidr: row.cidr }),
    ...(row.host === null ? {} : { host: row.host }),
    ...(row.site === null ? {} : { siteId: row.site }),
    note: row.note,
    createdAt: row.created_at,
    createdBy: row.created_by,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
    ...(row.last_used_from === null ? {} : { lastUsedFrom: row.last_used_from }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  }
}
