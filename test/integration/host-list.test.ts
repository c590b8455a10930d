// SPDX-License-Identifier: Apache-2.0
/** The list of hosts over HTTP: EIM's filters and orders, pages of 20,000 hosts, and what is refused. */
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOST_FIELDS } from '../../controller/kernel/host-fields.ts'
import { writeStatus } from '../../controller/kernel/host-status.ts'
import { indexFields } from '../../controller/modules/inventory/facet-fields.ts'
import { doorFields } from '../../controller/modules/oob/converge/door-fields.ts'
import { matches } from '../../controller/query/evaluate.ts'
import { parseFilter } from '../../controller/query/filter.ts'
import type { Fields } from '../../controller/query/query.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import type { Store } from '../../controller/store/store.ts'
import { startTestController, type TestController } from '../support/controller.ts'

const MANY = 20_000

let test: TestController
let store: Store
const sites: string[] = []

beforeAll(async () => {
  test = await startTestController()
  // A second connection, for what no test has the time to enroll.
  store = openSqlite(join(test.dir, 'controller.db'))
  for (const project of ['many', 'few'])
    await sql`insert into kernel_projects (name, created_at, uuid) values (${project}, '2026-01-01T00:00:00.000Z', ${`uuid-${project}`})`.execute(
      store.installation(),
    )
  await addHosts('many', MANY)
  await addHosts('few', 40)
  await writeStatus(store)
  for (const index of [0, 1, 2]) {
    const { body } = await test.call('POST', '/v1/projects/few/sites', { name: `site-${index}` })
    sites.push(body.resourceId)
    await sql`update kernel_hosts set site = ${body.resourceId} where project = 'few' and site = ${`site-0000000${index}`}`.execute(
      store.installation(),
    )
  }
})
afterAll(async () => {
  await store.close()
  await test.stop()
})

/** Some online, some lost, some never there; some with a label, some with a site, some with the index of their hardware. */
async function addHosts(project: string, count: number): Promise<void> {
  const db = store.installation()
  const at = '2026-01-01T00:00:00.000Z'
  const first = project === 'many' ? 0 : 1_000_000
  const n = sql`with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`
  const id = sql`printf('host-%08x', (i + ${first}) * 40503 % 4294967291)`
  await sql`insert into kernel_hosts (project, id, name, hostname, serial, uuid, state, labels, note, facts, created_at, updated_at, simulated, epoch, sequence, site)
    ${n} select ${project}, ${id}, 'press-' || (i % 1000), case when i % 3 = 0 then null else 'Press' || i end, 'SN' || i, null,
      case when i % 10 = 7 then 'untrusted' else 'onboarded' end,
      case when i % 4 = 0 then '[{"key":"line","value":"l1"}]' else '[]' end, case when i % 5 = 0 then 'spare' else '' end, '{}',
      ${at}, ${at}, i % 2, 1, 0, case when i % 6 = 0 then null else 'site-0000000' || (i % 3) end from n`.execute(db)
  await sql`insert into kernel_labels (project, host, key, value)
    select project, id, 'line', 'l1' from kernel_hosts where project = ${project} and labels != '[]'`.execute(db)
  await sql`insert into kernel_presence (project, host, since, last_seen, standing, capabilities, denies, reason, online)
    ${n} select ${project}, ${id}, ${at}, ${at}, case when i % 9 = 1 then 'quarantined' else 'active' end, '[]', '[]', 'lost', i % 2
    from n where i % 7 != 0`.execute(db)
}

const path = (project: string, query: Record<string, string | number>, more = '') =>
  `/v1/projects/${project}/compute/hosts${more}?${new URLSearchParams(Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]))}`
const list = (query: Record<string, string | number>, project = 'few') => test.call('GET', path(project, query))
const idsOf = (body: { hosts: { resourceId: string }[] }) => body.hosts.map(host => host.resourceId)

const FIELDS: Fields = { ...HOST_FIELDS, 'site.name': { type: 'text' } }

describe('filters', () => {
  const FILTERS = [
    ...[
      "hostStatus='error'",
      "hostStatus='No Connection'",
      "hostStatus=''",
      "hostStatus='running'",
      'hostStatus != running',
    ],
    ...[
      'hostStatusIndicator = error',
      'currentState = untrusted',
      'desiredState = HOST_STATE_ONBOARDED',
      'site_id = SITE1',
    ],
    ...['has(site)', 'NOT has(site)', "site.resourceId='SITE2'", 'hostname = ""', 'hostname = PRESS1 OR note = spare'],
    ...[
      'metadata=\'{"key":"line","value":"l1"}\'',
      'NOT metadata.line = l1',
      'has(metadata)',
      'simulated = true',
      'sn1',
    ],
    ...[
      'press-1 NOT hostStatus = error',
      'createdAt = 2026-01-01T00:00:00Z',
      'createdAt > 2026-01-01T00:00:00Z',
      'name < press-3',
    ],
    ...[
      'hostStatusTimestamp >= 1767225600',
      'registrationStatus = registered',
      'serialNumber = sn3 AND (note = "" OR name:7)',
    ],
  ]

  it.each(FILTERS)('%s selects what it says of the resources', async text => {
    const filter = text.replace(/SITE(\d)/, (_, index) => sites[index]!)
    const { body: all } = await list({ pageSize: 500 })
    const { status, body } = await list({ filter, pageSize: 500 })

    expect(status).toBe(200)
    const expected = all.hosts.filter((host: object) => matches(parseFilter(filter), { ...host }, FIELDS))
    expect(idsOf(body)).toEqual(idsOf({ hosts: expected }))
    expect(body.totalElements).toBe(expected.length)
    const summary = await test.call('GET', path('few', { filter }, '/summary'))
    expect(summary.body.total).toBe(expected.length)
  })

  it('may name every member there is, and may order by each that has one value', async () => {
    const deep = [
      'site.name',
      'site.region.name',
      'instance.name',
      'instance.os.name',
      'instance.workloadMembers.workload.name',
    ]
    const fields = { ...HOST_FIELDS, ...indexFields, ...doorFields }
    for (const name of [...Object.keys(fields), ...deep]) {
      const present = await list({ filter: `has(${name})` })
      const absent = await list({ filter: `NOT has(${name})` })
      expect(present.status, `${name}: ${present.text}`).toBe(200)
      expect(present.body.totalElements + absent.body.totalElements, name).toBe(40)
      const type = fields[name]?.type
      const ordered = await list({ orderBy: `${name} desc` })
      expect(ordered.status, name).toBe(type === 'reference' || type === 'labels' ? 400 : 200)
    }
  })

  it('finds hosts by the hardware they reported', async () => {
    const id = idsOf((await list({ pageSize: 1 })).body)[0] ?? ''
    await sql`insert into inventory_hosts (project, host, cpu_model, cpu_cores, memory_bytes, updated_at)
      values ('few', ${id}, 'Intel(R) Core(TM) i7', 8, 17179869184, '')`.execute(store.installation())

    for (const filter of ['cpuModel = core', 'cpu_cores >= 8 AND memoryBytes = 17179869184'])
      expect(idsOf((await list({ filter })).body), filter).toEqual([id])
    expect((await list({ filter: 'cpuModel != core' })).body.totalElements).toBe(39)
  })

  it.each([
    ['name = = x', 'column 8'],
    ['nmae = x', 'column 1: "nmae"'],
    ['hostStatusIndicator = broken', 'one of UNSPECIFIED, ERROR'],
    ['(name = x', 'expected AND, OR'],
    [`name = ${'x'.repeat(3_000)}`, 'at most 2048 characters'],
    ['site = site-00000001', 'site.resourceId'],
  ])('refuses %s with the place of the mistake', async (filter, detail) => {
    for (const more of ['', '/summary']) {
      const { status, body } = await test.call('GET', path('few', { filter }, more))
      expect({ status, code: body.code }).toMatchObject({ status: 400 })
      expect(body.detail).toContain(detail)
    }
  })
})

describe('orders', () => {
  it('sorts by any member, with the id last', async () => {
    const { body } = await list({ orderBy: 'note desc, name', pageSize: 500 })
    const sorted = [...body.hosts].sort(
      (one, other) =>
        -compare(one.note ?? '', other.note ?? '') ||
        compare(one.name, other.name) ||
        compare(one.resourceId, other.resourceId),
    )
    expect(idsOf(body)).toEqual(idsOf({ hosts: sorted }))
  })

  it.each(['name up', 'nmae', 'metadata', 'name,name'])('refuses %s', async orderBy => {
    expect((await list({ orderBy })).status).toBe(400)
  })
})

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

describe('pages', () => {
  it('walks 20,000 hosts by cursor without loss or repetition while hosts come and go', async () => {
    const db = store.installation()
    const seen: string[] = []
    let cursor = ''
    for (let page = 0; page < 100; page++) {
      const { status, body } = await list({ orderBy: 'name desc, hostStatus', pageSize: 500, cursor }, 'many')
      expect(status).toBe(200)
      seen.push(...idsOf(body))
      const passing = `host-ffff${String(page).padStart(4, '0')}`
      await sql`insert into kernel_hosts (project, id, name, state, labels, note, facts, created_at, updated_at, simulated, epoch, sequence)
        values ('many', ${passing}, ${`press-${page * 20}`}, 'onboarded', '[]', '', '{}', '', '', 0, 1, 0)`.execute(db)
      if (page % 2 === 1)
        await sql`delete from kernel_hosts where id = ${`host-ffff${String(page - 1).padStart(4, '0')}`}`.execute(db)
      if (!body.hasNext) break
      cursor = body.nextCursor
    }

    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter(id => !id.startsWith('host-ffff'))).toHaveLength(MANY)
    await sql`delete from kernel_hosts where id like 'host-ffff%'`.execute(db)
  })

  it('reaches the last host by offset too', async () => {
    const { body } = await list({ offset: MANY - 1, pageSize: 100, orderBy: 'createdAt' }, 'many')
    expect(body).toMatchObject({ totalElements: MANY, hasNext: false })
    expect(body.hosts).toHaveLength(1)
  })

  it('shows twenty unless asked, and up to five hundred', async () => {
    expect((await list({}, 'many')).body.hosts).toHaveLength(20)
    expect((await list({ pageSize: 500 }, 'many')).body.hosts).toHaveLength(500)
    for (const pageSize of [0, 501, -1]) expect((await list({ pageSize })).status).toBe(400)
  })

  it('refuses a cursor of another query, another project, or nobody', async () => {
    const { nextCursor } = (await list({ orderBy: 'name', pageSize: 5 })).body
    expect(nextCursor).toBeDefined()
    const others = [
      { orderBy: 'name desc' },
      { orderBy: 'name', filter: 'has(site)' },
      { orderBy: 'name', search: 'p' },
      {},
    ]
    for (const query of others) {
      const { status, body } = await list({ ...query, pageSize: 5, cursor: nextCursor })
      expect({ status, code: body.type }).toEqual({ status: 400, code: '/problems/cursor-invalid' })
    }
    expect((await list({ orderBy: 'name', cursor: nextCursor }, 'many')).status).toBe(400)
    expect((await list({ cursor: 'host-00000001' })).status).toBe(400)
    expect((await list({ orderBy: 'name', pageSize: 5, cursor: nextCursor })).status).toBe(200)
  })
})

it('counts what needs looking after', async () => {
  const { body } = await test.call('GET', '/v1/projects/few/compute/hosts/summary')
  const { body: all } = await list({ pageSize: 500 })
  const count = (fits: (host: any) => boolean) => all.hosts.filter(fits).length
  expect(body).toEqual({
    total: 40,
    error: count(host => host.hostStatusIndicator === 'STATUS_INDICATION_ERROR'),
    running: count(host => host.hostStatus === 'Running'),
    unallocated: count(host => host.site === undefined),
  })
})
