// SPDX-License-Identifier: Apache-2.0
/** Sessions of people: opaque secrets kept as digests, good while they are used and twelve hours at most. */
import { formatTime, HOUR, MINUTE, newUlid } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Grant, Principal } from '../../../kernel/permissions.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { AccessTables, SessionRow } from '../tables.ts'

export const SESSION_PREFIX = 'muster_ses_'
export const SESSION_LIFE_MS = 12 * HOUR
const IDLE_MS = 30 * MINUTE
const NOTED_EVERY_MS = MINUTE
const MOST_OF_ONE = 50

/** What an identity provider told of somebody at sign-in. */
export type Told = { readonly groups: readonly string[]; readonly roles: readonly string[] }

export type NewSession = {
  readonly principal: string
  readonly method: 'password' | 'oidc' | 'keycloak'
  readonly address: string
  readonly agent: string
  readonly issuer?: string
  readonly told?: Told
  readonly client?: string
  /** Twelve hours unless said otherwise. */
  readonly lifeMs?: number
}

export interface Sessions {
  /** Makes a session; its secret is returned once and never kept. The oldest of somebody with very many ends. */
  open(tx: Tx, fresh: NewSession): Promise<{ readonly row: SessionRow; readonly secret: string }>
  /** Who a session's secret stands for; `undefined` for anything that is not one that lives. */
  authenticate(secret: string, address: string): Promise<Principal | undefined>
  /** A living session by id, and who it stands for. */
  find(id: string, address: string): Promise<{ readonly row: SessionRow; readonly principal: Principal } | undefined>
  /** The session of a secret, living or not. */
  ofSecret(db: Db, secret: string): Promise<SessionRow | undefined>
  list(db: Db, principal?: string): Promise<readonly SessionRow[]>
  /** Whether there was one. */
  end(tx: Tx, id: string): Promise<boolean>
  endAll(tx: Tx, principal: string): Promise<void>
  /** Ends the sessions that somebody had through a group. */
  endOfGroup(tx: Tx, group: string): Promise<void>
}

export type SessionParts = {
  readonly kernel: Kernel
  /** Grants by what an identity provider told at sign-in. */
  readonly granted: (row: SessionRow) => Promise<readonly Grant[]>
}

export function createSessions({ kernel, granted }: SessionParts): Sessions {
  const { store, clock, digest } = kernel
  const rows = (db: Db) => db.installation<AccessTables>()
  const living = async (row: SessionRow | undefined, address: string) => {
    const now = clock.now()
    if (row === undefined || Date.parse(row.expires_at) <= now) return undefined
    // Tools keep the token of one sign-in and come back when they are called.
    if (row.method !== 'keycloak' && now - Date.parse(row.used_at) > IDLE_MS) return undefined
    const principal = await kernel.principals.find(row.principal, {
      via: 'session',
      address,
      more: await granted(row),
    })
    if (principal !== undefined && now - Date.parse(row.used_at) >= NOTED_EVERY_MS)
      await rows(store)
        .updateTable('access_sessions')
        .set({ used_at: formatTime(now) })
        .where('id', '=', row.id)
        .execute()
    return principal === undefined ? undefined : { row, principal }
  }
  const byColumn = (db: Db, column: 'id' | 'digest', value: string) =>
    rows(db).selectFrom('access_sessions').selectAll().where(column, '=', value).executeTakeFirst()
  return {
    open: (tx, fresh) => open(kernel, tx, fresh),
    authenticate: async (secret, address) => {
      if (!isSessionText(secret)) return undefined
      return (await living(await byColumn(store, 'digest', digest(secret)), address))?.principal
    },
    find: async (id, address) => living(await byColumn(store, 'id', id), address),
    ofSecret: async (db, secret) => (isSessionText(secret) ? byColumn(db, 'digest', digest(secret)) : undefined),
    list: async (db, principal) => {
      const now = clock.now()
      let query = rows(db)
        .selectFrom('access_sessions')
        .selectAll()
        .where('expires_at', '>', formatTime(now))
        .orderBy('id')
      if (principal !== undefined) query = query.where('principal', '=', principal)
      return (await query.execute()).filter(
        row => row.method === 'keycloak' || now - Date.parse(row.used_at) <= IDLE_MS,
      )
    },
    end: async (tx, id) => {
      const { numDeletedRows } = await rows(tx).deleteFrom('access_sessions').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },
    endAll: async (tx, principal) => {
      await rows(tx).deleteFrom('access_sessions').where('principal', '=', principal).execute()
    },
    endOfGroup: async (tx, group) => {
      const told = await rows(tx)
        .selectFrom('access_sessions')
        .select(['id', 'groups'])
        .where('groups', 'is not', null)
        .execute()
      const names = [group, group.slice(group.indexOf(':') + 1)]
      for (const row of told) {
        if (!toldIn(row.groups).groups.some(each => names.includes(each))) continue
        await rows(tx).deleteFrom('access_sessions').where('id', '=', row.id).execute()
      }
    },
  }
}

/** Written by this file. */
export function toldIn(text: string | null): Told {
  return text === null ? { groups: [], roles: [] } : (JSON.parse(text) as Told)
}

function isSessionText(text: string): boolean {
  return text.startsWith(SESSION_PREFIX) && /^[\w-]{43}$/.test(text.slice(SESSION_PREFIX.length))
}

async function open({ clock, random, digest }: Kernel, tx: Tx, fresh: NewSession) {
  const now = clock.now()
  const secret = `${SESSION_PREFIX}${Buffer.from(random(32)).toString('base64url')}`
  const row: SessionRow = {
    id: newUlid(now, random),
    digest: digest(secret),
    principal: fresh.principal,
    method: fresh.method,
    created_at: formatTime(now),
    used_at: formatTime(now),
    expires_at: formatTime(now + (fresh.lifeMs ?? SESSION_LIFE_MS)),
    address: fresh.address,
    agent: fresh.agent.slice(0, 200),
    issuer: fresh.issuer ?? null,
    groups: fresh.told === undefined ? null : JSON.stringify(fresh.told),
    client: fresh.client ?? null,
  }
  const rows = tx.installation<AccessTables>()
  await rows.deleteFrom('access_sessions').where('expires_at', '<=', formatTime(now)).execute()
  const others = await rows
    .selectFrom('access_sessions')
    .select('id')
    .where('principal', '=', fresh.principal)
    .orderBy('id', 'desc')
    .offset(MOST_OF_ONE - 1)
    .limit(100)
    .execute()
  if (others.length > 0)
    await rows
      .deleteFrom('access_sessions')
      .where(
        'id',
        'in',
        others.map(({ id }) => id),
      )
      .execute()
  await rows.insertInto('access_sessions').values(row).execute()
  return { row, secret }
}
