// SPDX-License-Identifier: Apache-2.0
/** Lists of hosts over a real database: status and labels as they are kept, what callers see, and the summary. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countSelected, type HostSelection, listHosts, summarizeHosts } from '../../controller/kernel/host-list.ts'
import { isWithin } from '../../controller/kernel/host-scope.ts'
import { deriveStatus, writeStatus, writeStatusOf } from '../../controller/kernel/host-status.ts'
import { addHost, changeHost, getHost, type Host } from '../../controller/kernel/hosts.ts'
import { presenceOf, writeDeparture, writeExpected, writeStanding } from '../../controller/kernel/presence.ts'
import { kernelMigrations } from '../../controller/kernel/tables/migrations.ts'
import type { HostState, KernelTables } from '../../controller/kernel/tables/tables.ts'
import { parseFilter } from '../../controller/query/filter.ts'
import { parseOrder } from '../../controller/query/order.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import type { Store } from '../../controller/store/store.ts'
import { kernelStore, surroundings } from '../support/kernel.ts'

const around = surroundings()
let store: Store

beforeAll(async () => {
  store = await kernelStore()
})
afterAll(() => store.close())

const names = (hosts: readonly Host[]): readonly string[] => hosts.map(host => host.name).sort()
const found = async (project: string, filter: string, more: HostSelection = {}) =>
  names((await listHosts(store, project, { ...more, filter: parseFilter(filter), limit: 500 })).hosts)

type Made = { readonly labels?: Readonly<Record<string, string>>; readonly site?: string }

function make(project: string, name: string, { labels = {}, site }: Made = {}): Promise<Host> {
  return store.change(async tx => {
    const pairs = Object.entries(labels).map(([key, value]) => ({ key, value }))
    const host = await addHost(tx, project, { ...around, name, facts: {}, labels: pairs, state: 'onboarded' })
    if (site !== undefined) await changeHost(tx, host, { site, clock: around.clock })
    return getHost(tx, project, host.id)
  })
}

describe('the status that is kept', () => {
  const STATES: readonly HostState[] = ['registered', 'onboarded', 'untrusted']
  const PRESENCES = [
    undefined,
    ...['lost', 'never-connected', 'rebooting', 'stopped', null].flatMap(reason =>
      [0, 1].flatMap(online => (['active', 'quarantined'] as const).map(standing => ({ reason, online, standing }))),
    ),
  ]

  it('is what is derived, for every state and presence', async () => {
    const host = await make('status', 'press')
    const rows = store.of<KernelTables>('status')
    for (const presence of PRESENCES) {
      await rows.remove('kernel_presence').execute()
      if (presence !== undefined) {
        await store.change(async tx =>
          writeExpected(tx, { project: 'status', host: host.id }, { ticket: 't', now: around.clock.now() }),
        )
        await rows
          .update('kernel_presence', { ...presence, standing_why: presence.online === 1 ? null : 'why' })
          .execute()
      }
      for (const state of STATES) {
        for (const desired of [null, 'deleted'] as const) {
          await rows
            .update('kernel_hosts', { state, desired, waiting_on: desired === null ? null : 'inst-1' })
            .execute()
          await store.change(async tx => writeStatusOf(tx, { project: 'status', host: host.id }))

          const now = await getHost(store, 'status', host.id)
          const stored = (await presenceOf(store, 'status', [host.id])).get(host.id)
          const derived = deriveStatus({ ...now, changedAt: now.updatedAt, presence: stored })
          expect(now.status, JSON.stringify({ presence, state, desired })).toEqual(derived)
        }
      }
    }
  })

  it('follows each change of presence and state', async () => {
    const { id } = await make('follows', 'press')
    const peer = { project: 'follows', host: id }
    const now = around.clock.now()
    const status = async () => (await getHost(store, 'follows', id)).status.text
    const online = async () => (await listHosts(store, 'follows', { online: true, limit: 9 })).total
    expect(await status()).toBe('')

    await store.change(async tx => writeExpected(tx, peer, { ticket: 't', now }))
    expect(await status()).toBe('')
    await store.change(async tx => writeDeparture(tx, peer, { reason: 'lost', now, lastSeen: now }))
    expect(await status()).toBe('No Connection')
    await store.change(tx => writeStanding(tx, peer, 'quarantined', 'a copy'))
    expect(await status()).toBe('Error: quarantined: a copy')
    await store.change(async tx =>
      changeHost(tx, await getHost(tx, 'follows', id), { state: 'untrusted', clock: around.clock }),
    )
    expect(await status()).toBe('Invalidated')
    expect(await online()).toBe(0)
  })
})

describe('filters of EIM’s own tools', () => {
  beforeAll(async () => {
    const lost = await make('eim', 'lost', { site: 'site-0000000a', labels: { line: 'l1', building: 'b2' } })
    const bad = await make('eim', 'bad', { site: 'site-0000000b', labels: { line: 'l1' } })
    await make('eim', 'never', { labels: { line: 'l10' } })
    const gone = await make('eim', 'gone')
    const elsewhere = await make('other', 'elsewhere', { labels: { line: 'l1' } })
    const now = around.clock.now()
    await store.change(async tx => {
      for (const { project, id } of [lost, bad, elsewhere]) {
        writeExpected(tx, { project, host: id }, { ticket: 't', now })
        writeDeparture(tx, { project, host: id }, { reason: 'lost', now, lastSeen: now })
      }
      await writeStanding(tx, { project: 'eim', host: bad.id }, 'quarantined', 'a copy')
      await changeHost(tx, gone, { state: 'deleted', labels: [], clock: around.clock })
    })
  })

  it.each([
    ['', ['bad', 'lost', 'never']],
    ["hostStatus='error'", ['bad']],
    ["hostStatus='No Connection'", ['lost']],
    ["hostStatus='provisioned'", []],
    ["hostStatus=''", ['never']],
    ['host_status_indicator = STATUS_INDICATION_ERROR', ['bad', 'lost']],
    ['hostStatusIndicator = error', ['bad', 'lost']],
    ["site.resourceId='site-0000000a'", ['lost']],
    ['siteId = ""', ['never']],
    ['NOT has(site)', ['never']],
    ['metadata=\'{"key":"line","value":"l1"}\'', ['bad', 'lost']],
    ['metadata=\'{"key":"line","value":"l1"}\' AND metadata=\'{"key":"building","value":"b2"}\'', ['lost']],
    ['NOT metadata.line = l1', ['never']],
    ['metadata.building = ""', ['bad', 'never']],
    ['currentState = HOST_STATE_ONBOARDED', ['bad', 'lost', 'never']],
    ['currentState = untrusted OR name = never', ['never']],
    ['createdAt > 2020-01-01T00:00:00Z AND simulated = false', ['bad', 'lost', 'never']],
    ['registrationStatus = registered onboardingStatus = onboarded', ['bad', 'lost', 'never']],
    ['lo', ['lost']],
    ["serialNumber = ''", ['bad', 'lost', 'never']],
  ])('%s selects %j', async (filter, expected) => {
    expect(await found('eim', filter)).toEqual(expected)
    expect(await countSelected(store, 'eim', { filter: parseFilter(filter) })).toBe(expected.length)
  })

  it('are counted by what matters first', async () => {
    expect(await summarizeHosts(store, 'eim', {})).toEqual({ total: 3, error: 2, running: 0, unallocated: 1 })
    expect(await summarizeHosts(store, 'eim', { filter: parseFilter('has(site)') })).toEqual({
      total: 2,
      error: 2,
      running: 0,
      unallocated: 0,
    })
    expect(await summarizeHosts(store, 'nothing', {})).toEqual({ total: 0, error: 0, running: 0, unallocated: 0 })
  })

  it('tell how many there are, however the page is cut', async () => {
    for (const { limit, offset } of [
      { limit: 1, offset: 0 },
      { limit: 2, offset: 1 },
      { limit: 20, offset: 2 },
      { limit: 5, offset: 3 },
      { limit: 5, offset: 99 },
    ]) {
      const page = await listHosts(store, 'eim', { limit, offset, order: parseOrder('hostStatus desc') })
      expect(page).toMatchObject({ total: 3, hasNext: offset + limit < 3 })
      expect(page.hosts).toHaveLength(Math.max(0, Math.min(limit, 3 - offset)))
    }
  })
})

describe('labels', () => {
  it('are found as they are now, and whole', async () => {
    const host = await make('labels', 'press', { labels: { line: 'l1', zone: 'a' } })
    await make('labels', 'drill', { labels: { line: 'l10' } })
    const label = { labels: [{ key: 'line', value: 'l1' }] }
    expect(await found('labels', '', label)).toEqual(['press'])

    await store.change(tx => changeHost(tx, host, { labels: [{ key: 'line', value: 'l2' }], clock: around.clock }))

    expect(await found('labels', '', label)).toEqual([])
    expect(await found('labels', 'metadata.line=l2')).toEqual(['press'])
    expect(await found('labels', 'has(metadata.zone)')).toEqual([])
  })

  it('of hosts that were there before are found after the upgrade, and so is their status', async () => {
    const old = openSqlite(':memory:')
    const before = Object.entries(kernelMigrations).filter(([name]) => name < '0004')
    await old.migrate('kernel', Object.fromEntries(before))
    const labels = JSON.stringify([{ key: 'line', value: 'l1' }])
    await sql`insert into kernel_hosts (project, id, name, state, labels, note, facts, created_at, updated_at, simulated, epoch, sequence)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 1201)
      select 'p', printf('host-%08x', i), 'press-' || i, 'onboarded', ${labels}, '', '{}', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 0, 1, 0 from n`.execute(
      old.installation(),
    )

    await old.migrate('kernel', kernelMigrations)
    await writeStatus(old)

    const page = await listHosts(old, 'p', { filter: parseFilter('metadata.line=l1'), limit: 1 })
    expect(page.total).toBe(1_201)
    expect(page.hosts[0]?.status).toEqual({ text: '', indicator: 'UNSPECIFIED', at: '2026-01-01T00:00:00.000Z' })
    await old.close()
  })
})

describe('what a caller sees', () => {
  const site = fc.constantFrom('site-1', 'site-2', 'site-3')
  const label = fc.record({ key: fc.constantFrom('line', 'zone'), value: fc.constantFrom('a', 'b') })
  const selector = fc.record(
    {
      sites: fc.uniqueArray(site, { maxLength: 2 }),
      labels: fc.uniqueArray(label, { selector: each => each.key, maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  const within = fc.record({
    allow: fc.oneof(fc.constant('all' as const), fc.array(selector, { maxLength: 3 })),
    deny: fc.array(selector, { maxLength: 2 }),
  })

  it('is the same in the database and in memory', async () => {
    for (const at of [undefined, 'site-1', 'site-2'])
      for (const line of ['', 'a', 'b'])
        for (const zone of ['', 'a']) {
          const labels = { ...(line === '' ? {} : { line }), ...(zone === '' ? {} : { zone }) }
          await make('within', `${at}/${line}/${zone}`, { labels, ...(at === undefined ? {} : { site: at }) })
        }
    const { hosts } = await listHosts(store, 'within', { limit: 500 })
    expect(hosts).toHaveLength(18)

    await fc.assert(
      fc.asyncProperty(within, async selectors => {
        const expected = names(hosts.filter(host => isWithin(host, selectors)))
        expect(await found('within', '', { within: selectors })).toEqual(expected)
        expect((await summarizeHosts(store, 'within', { within: selectors })).total).toBe(expected.length)
      }),
      { numRuns: 200 },
    )
  })
})
