// SPDX-License-Identifier: Apache-2.0
/** Searching the audit: by who, what, to what, when and with what outcome, from either end; and chains from before. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAudit, projectChain } from '../../controller/kernel/audit.ts'
import { type AuditSearch, actionsIn, searchAudit } from '../../controller/kernel/audit-search.ts'
import { SYSTEM } from '../../controller/kernel/permissions.ts'
import { auditSearchMigration } from '../../controller/kernel/tables/audit-search.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { kernelStore, surroundings, testSigner } from '../support/kernel.ts'

const CHAIN = projectChain('default')
const ACTIONS = ['host.change', 'host.power', 'hosting.move', 'webhook.ping']

/** Forty entries, one a minute; every fifth was refused. */
async function filled() {
  const store = await kernelStore()
  let now = Date.parse('2026-11-21T00:00:00.000Z')
  const around = { ...surroundings(), clock: { ...surroundings().clock, now: () => now } }
  const audit = createAudit(store, testSigner(), around)
  for (let at = 0; at < 40; at++) {
    await store.change(tx =>
      audit.append(tx, {
        chain: CHAIN,
        principal: { ...SYSTEM, id: `p-${at % 3}` },
        action: ACTIONS[at % 4]!,
        target: at % 2 === 0 ? `host-${at % 10}` : `host-${at % 10}/power`,
        outcome: at % 5 === 0 ? 'refused' : 'done',
      }),
    )
    now += 60_000
  }
  const all = await audit.list(CHAIN, 0, 1_000)
  const find = (more: Partial<AuditSearch> = {}) =>
    searchAudit(store, { chain: CHAIN, after: 0, newestFirst: false, limit: 100, ...more })
  return { store, audit, all, find }
}

describe('a search of the audit', () => {
  it('finds what a walk over every entry finds', async () => {
    const { all, find } = await filled()
    const numbers = async (more: Partial<AuditSearch>) => (await find(more)).entries.map(({ n }) => n)
    const walk = (fits: (entry: (typeof all)[number]) => boolean) => all.filter(fits).map(({ n }) => n)

    expect(all).toHaveLength(40)
    expect(await numbers({ principal: 'p-1' })).toEqual(walk(({ principal }) => principal.id === 'p-1'))
    expect(await numbers({ action: 'host.power' })).toEqual(walk(({ action }) => action === 'host.power'))
    expect(await numbers({ action: 'host' })).toEqual(walk(({ action }) => action.startsWith('host.')))
    expect(await numbers({ action: 'hos' })).toEqual([])
    expect(await numbers({ target: 'host-1' })).toEqual(walk(({ target }) => target === 'host-1/power'))
    expect(await numbers({ target: 'host-4' })).toEqual(walk(({ target }) => target === 'host-4'))
    expect(await numbers({ outcome: 'refused' })).toEqual(walk(({ outcome }) => outcome === 'refused'))
    expect(await numbers({ outcome: 'done' })).toEqual(walk(({ outcome }) => outcome === 'done'))
    expect(await numbers({ action: 'host', outcome: 'refused', principal: 'p-0' })).toEqual(
      walk(
        ({ action, outcome, principal }) =>
          action.startsWith('host.') && outcome === 'refused' && principal.id === 'p-0',
      ),
    )
  })

  it('takes the beginning of a time along and leaves its end out', async () => {
    const { all, find } = await filled()
    const [since, until] = [all[9]!.at, all[19]!.at]

    expect((await find({ since })).entries[0]!.n).toBe(10)
    expect((await find({ until })).entries.at(-1)!.n).toBe(19)
    expect((await find({ since, until })).entries).toEqual(all.slice(9, 19))
    expect(await find({ since: '2030-01-01T00:00:00.000Z' })).toEqual({ entries: [], hasNext: false })
  })

  it('goes through all of it page by page, from either end', async () => {
    const { all, find } = await filled()
    const seen: number[] = []
    for (let before: number | undefined; ; ) {
      const page = await find({ newestFirst: true, limit: 7, before })
      seen.push(...page.entries.map(({ n }) => n))
      before = page.entries.at(-1)?.n
      if (!page.hasNext) break
    }

    expect(seen).toEqual(all.map(({ n }) => n).reverse())
    expect(await find({ after: 33, limit: 7 })).toEqual({ entries: all.slice(33), hasNext: false })
    expect(await find({ after: 32, limit: 7 })).toEqual({ entries: all.slice(32, 39), hasNext: true })
  })

  it('knows which actions there are after an entry', async () => {
    const { store } = await filled()

    expect(await actionsIn(store, CHAIN, 0)).toEqual(ACTIONS)
    expect(await actionsIn(store, CHAIN, 38)).toEqual(['hosting.move', 'webhook.ping'])
    expect(await actionsIn(store, 'project:none', 0)).toEqual([])
  })

  it('finds entries that were written before it could be searched, and leaves them as they are', async () => {
    const { store, all, find } = await filled()
    const raw = store.installation<{ kernel_audit: Record<string, unknown> }>()
    const { sql } = await import('kysely')
    for (const index of ['principal', 'action', 'target', 'at', 'refused'])
      await sql`drop index ${sql.ref(`kernel_audit_${index}`)}`.execute(raw)
    for (const column of ['principal', 'action', 'target', 'outcome'])
      await sql`alter table kernel_audit drop column ${sql.ref(column)}`.execute(raw)

    await auditSearchMigration.up(raw as never)

    expect((await find({ principal: 'p-1', action: 'host' })).entries.length).toBeGreaterThan(5)
    expect((await find()).entries).toEqual(all)
    await expect(raw.updateTable('kernel_audit').set({ target: 'x' }).execute()).rejects.toThrow('append-only')
  })
})

describe('the route of the audit', () => {
  let test: TestController
  beforeAll(async () => {
    test = await startTestController()
    for (let at = 0; at < 3; at++) await test.call('POST', '/v1/access/people', { name: `anna-${at}`, role: 'viewer' })
  })
  afterAll(() => test.stop())
  const search = (query: string) => test.call('GET', `/v1/audit?chain=installation&${query}`)

  it('gives the oldest first unless told otherwise, and says whether there is more', async () => {
    const whole = (await search('limit=1000')).body
    const newest = (await search('order=newest&limit=2')).body

    expect(whole.hasNext).toBe(false)
    expect(newest.entries).toEqual(whole.entries.slice(-2).reverse())
    expect(newest.hasNext).toBe(true)
  })

  it('finds people by the name they have', async () => {
    const { body } = await search('principal=tester&action=person.create&order=newest')

    expect(body.entries.length).toBeGreaterThanOrEqual(3)
    expect(new Set(body.entries.map((entry: any) => entry.name))).toEqual(new Set(['tester']))
    expect((await search('principal=nobody')).body.entries).toEqual([])
  })

  it('lists its actions', async () => {
    const { body } = await test.call('GET', '/v1/audit/actions?chain=installation')

    expect(body.actions).toContain('person.create')
    expect(body.actions).toEqual([...body.actions].sort())
  })

  it.each(['since=yesterday', 'until=2026-02-30T00:00:00Z', 'order=up', 'before=0', 'outcome=odd', 'principal='])(
    'refuses %s',
    async query => {
      expect((await search(query)).status).toBe(400)
    },
  )

  it('reads times in any zone', async () => {
    const { body } = await search(`since=${encodeURIComponent('2020-01-01T00:00:00+02:00')}&limit=1`)

    expect(body.entries).toHaveLength(1)
  })

  it('shows nobody a chain they may not read, however they search', async () => {
    const { body } = await test.call('POST', '/v1/access/tokens', {
      name: 'looks',
      role: 'viewer',
      expiresInMs: 3_600_000,
    })
    const headers = { authorization: `Bearer ${body.token}` }
    const status = async (path: string) => (await fetch(`${test.url}${path}`, { headers })).status

    expect(await status('/v1/me')).toBe(200)
    expect(await status('/v1/audit/actions?chain=installation')).toBe(403)
    expect(await status('/v1/audit?chain=installation&order=newest')).toBe(403)
  })
})
