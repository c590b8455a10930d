// SPDX-License-Identifier: Apache-2.0
/** What the list of hosts in the browser asks of the controller: few members, values with numbers, statuses that agree. */
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeStatus } from '../../controller/kernel/host-status.ts'
import { readWords } from '../../controller/query/words.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import type { Store } from '../../controller/store/store.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { person } from '../support/people.ts'

type Said = Readonly<Record<string, { readonly state: string; readonly token: string } | undefined>>
/** By its path, because the sources of the browser have types of their own. */
const CHIPS = '../../controller/web/app/modules/kernel/hosts/chips.ts'
const { chipsOf } = (await import(CHIPS)) as { chipsOf(host: any, sections: any): Said }

const MANY = 120
const AGENTS = ['2.2.9', '2.3.0', '2.10.1', '1.0.0']
const REASONS = ['lost', 'stopped', 'rebooting', 'never-connected']

let test: TestController
let store: Store

beforeAll(async () => {
  test = await startTestController()
  // A second connection, for what no test has the time to enroll.
  store = openSqlite(join(test.dir, 'controller.db'))
  const db = store.installation()
  const at = '2026-01-01T00:00:00.000Z'
  for (const project of ['plant', 'other']) {
    await sql`insert into kernel_projects (name, created_at, uuid) values (${project}, ${at}, ${`uuid-${project}`})`.execute(
      db,
    )
    for (let i = 0; i < MANY; i++) {
      const id = `host-${(project === 'plant' ? i : i + 1_000).toString(16).padStart(8, '0')}`
      const labels =
        i % 3 === 0
          ? []
          : [
              { key: 'line', value: `l${i % 4}` },
              { key: 'lab', value: 'yes' },
            ].slice(0, i % 3)
      await sql`insert into kernel_hosts (project, id, name, state, labels, note, facts, created_at, updated_at, simulated, epoch, sequence)
        values (${project}, ${id}, ${`press-${i}`}, ${i % 17 === 3 ? 'untrusted' : 'onboarded'}, ${JSON.stringify(labels)}, '', '{}', ${at}, ${at}, 0, 1, 0)`.execute(
        db,
      )
      for (const { key, value } of labels)
        await sql`insert into kernel_labels (project, host, key, value) values (${project}, ${id}, ${key}, ${value})`.execute(
          db,
        )
      if (i % 7 !== 0)
        await sql`insert into kernel_presence (project, host, since, last_seen, standing, standing_why, capabilities, denies, reason, online, agent)
          values (${project}, ${id}, ${at}, ${at}, ${i % 9 === 1 ? 'quarantined' : 'active'}, ${i % 9 === 1 ? 'Rebooting' : null}, '[]', '[]',
            ${i % 2 === 1 ? null : REASONS[(i / 2) % 4]}, ${i % 2}, ${AGENTS[i % 4]})`.execute(db)
      if (i % 5 === 0)
        await section({
          project,
          id,
          name: 'power',
          status: ['failed', 'held', 'progressing', 'unsupported', 'settled'][(i / 5) % 5]!,
          at,
        })
      if (i % 11 === 0) await wanted({ project, id, name: i % 2 === 0 ? 'power' : 'maintenance', at })
    }
  }
  await writeStatus(store)
})
afterAll(async () => {
  await store.close()
  await test.stop()
})

type Placed = { readonly project: string; readonly id: string; readonly name: string; readonly at: string }

async function section({ project, id, name, status, at }: Placed & { readonly status: string }): Promise<void> {
  await sql`insert into kernel_reported (project, host, section, revision, status, observed, plugin, at, received_at)
    values (${project}, ${id}, ${name}, 1, ${status}, 'null', '{"name":"x","version":"1"}', ${at}, ${at})`.execute(
    store.installation(),
  )
}

async function wanted({ project, id, name, at }: Placed): Promise<void> {
  await sql`insert into kernel_desired (project, host, section, revision, content, updated_at, updated_by)
    values (${project}, ${id}, ${name}, 1, '{}', ${at}, 'x')`.execute(store.installation())
}

const path = (query: Readonly<Record<string, string | number | boolean>>, more = '', project = 'plant') =>
  `/v1/projects/${project}/compute/hosts${more}?${new URLSearchParams(Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]))}`
const list = (query: Readonly<Record<string, string | number | boolean>>) =>
  test.call('GET', path({ pageSize: 500, ...query }))
const values = (query: Readonly<Record<string, string | number | boolean>>) => test.call('GET', path(query, '/values'))
const idsOf = (hosts: readonly { resourceId: string }[]) => hosts.map(({ resourceId }) => resourceId)

const FIELDS =
  'name,presence,hostStatus,hostStatusIndicator,registrationStatus,registrationStatusIndicator,sections,metadata'

describe('the members asked for', () => {
  it('are all that is answered, with the id', async () => {
    const { status, body, text } = await list({ fields: 'name,presence.online,metadata', pageSize: 2 })

    expect(status, text).toBe(200)
    for (const host of body.hosts) {
      expect(Object.keys(host)).toEqual(expect.arrayContaining(['resourceId', 'name', 'metadata']))
      expect(Object.keys(host).filter(name => !['resourceId', 'name', 'metadata', 'presence'].includes(name))).toEqual(
        [],
      )
      expect(Object.keys(host.presence ?? { online: true })).toEqual(['online'])
    }
  })

  it('are the same as in the whole resource', async () => {
    const whole = (await list({})).body.hosts
    const few = (await list({ fields: FIELDS })).body.hosts

    expect(idsOf(few)).toEqual(idsOf(whole))
    for (const [at, host] of few.entries()) {
      const { sections, ...members } = host
      expect(whole[at]).toMatchObject(members)
      const told = (await test.call('GET', path({}, `/${host.resourceId}/sections`))).body
      expect(told).toBeDefined()
      expect(Array.isArray(sections)).toBe(true)
    }
  })

  it.each([
    'bogus',
    'name,,note',
    'presence.a.b.c.d',
    '__proto__',
    'constructor.name',
    Array.from({ length: 70 }, () => 'name').join(','),
  ])('are refused when there are none such: %s', async fields => {
    const { status, body } = await list({ fields })

    expect({ status, code: body.code }).toEqual({ status: 400, code: 'bad-request' })
  })

  it('come page by page with a cursor as whole ones do', async () => {
    const first = (await list({ fields: 'name', pageSize: 50, orderBy: 'agent desc' })).body
    const second = (await list({ fields: 'name', pageSize: 50, orderBy: 'agent desc', cursor: first.nextCursor })).body

    expect(new Set([...idsOf(first.hosts), ...idsOf(second.hosts)]).size).toBe(100)
    expect(second.totalElements).toBe(MANY)
  })
})

describe('the statuses', () => {
  it.each(['reachability', 'health', 'compliance'] as const)(
    'that chips show are those that %s finds, and the numbers are right',
    async kind => {
      const { hosts } = (await list({ fields: FIELDS })).body
      const shown = new Map<string, string[]>()
      for (const host of hosts) {
        const said = chipsOf(host, host.sections)[kind]!
        shown.set(said.token, [...(shown.get(said.token) ?? []), host.resourceId])
      }

      expect(shown.size).toBeGreaterThan(2)
      for (const [token, ids] of shown) {
        const found = (await list({ filter: readWords(token).filter! })).body
        expect(idsOf(found.hosts), token).toEqual(ids)
      }
      const member = kind === 'health' ? 'hostStatusIndicator' : kind
      const [counted] = (await values({ member })).body.members
      expect(counted.values.map(({ count }: { count: number }) => count).sort()).toEqual(
        [...shown.values()].map(ids => ids.length).sort(),
      )
      expect(counted.total).toBe(MANY)
    },
  )
})

describe('versions', () => {
  it.each(['agent:<2.3', 'agent:>=2.3', 'agent:2.3', 'agent:>2.9', '-agent:<2.3'])(
    '%s finds by number',
    async words => {
      const wantedBy: Readonly<Record<string, (agent: string | undefined) => boolean>> = {
        'agent:<2.3': agent => agent === '2.2.9' || agent === '1.0.0',
        'agent:>=2.3': agent => agent === '2.3.0' || agent === '2.10.1',
        'agent:2.3': agent => agent === '2.3.0',
        'agent:>2.9': agent => agent === '2.10.1',
        '-agent:<2.3': agent => agent === undefined || agent === '2.3.0' || agent === '2.10.1',
      }
      const all = (await list({ fields: 'presence.agent' })).body.hosts
      const found = (await list({ filter: readWords(words).filter! })).body.hosts

      expect(found.length).toBeGreaterThan(0)
      expect(idsOf(found)).toEqual(idsOf(all.filter((host: any) => wantedBy[words]!(host.presence?.agent))))
    },
  )

  it('are ordered by number too', async () => {
    const { hosts } = (await list({ fields: 'presence.agent', orderBy: 'agent' })).body
    const seen = [...new Set(hosts.map((host: any) => host.presence?.agent))]

    expect(seen).toEqual([undefined, '1.0.0', '2.2.9', '2.3.0', '2.10.1'])
  })
})

describe('the values of a member', () => {
  it('are those of the hosts that fit, the most frequent first, with how many have none', async () => {
    const { hosts } = (await list({ label: 'lab=yes' })).body
    const [line] = (await values({ member: 'metadata.line', label: 'lab=yes' })).body.members
    const counts = new Map<string, number>()
    for (const { metadata } of hosts)
      for (const { key, value } of metadata) if (key === 'line') counts.set(value, (counts.get(value) ?? 0) + 1)
    const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))

    expect(line.values).toEqual(sorted.map(([value, count]) => ({ value, count })))
    expect(line.absent).toBe(hosts.length - [...counts.values()].reduce((sum, each) => sum + each, 0))
  })

  it('are keys of labels when asked for metadata as a whole', async () => {
    const [keys] = (await values({ member: 'metadata' })).body.members
    const { hosts } = (await list({ fields: 'metadata' })).body

    expect(keys.values.map(({ value }: { value: string }) => value)).toEqual(['line', 'lab'])
    expect(keys.absent).toBe(hosts.filter((host: any) => host.metadata.length === 0).length)
    expect(keys.total).toBe(MANY)
  })

  it('are narrowed by a part of them, and by how many are wanted', async () => {
    const [some] = (await values({ member: 'agent', containing: '2.', limit: 2 })).body.members

    expect(some.values).toHaveLength(2)
    expect(some.more).toBe(true)
    for (const { value } of some.values) expect(value).toContain('2.')
    const [none] = (await values({ member: 'name', containing: "%' or 1=1 --" })).body.members
    expect(none.values).toEqual([])
  })

  it('of several members come together', async () => {
    const { members } = (await values({ member: 'agent,productName,site.name', search: 'press-1' })).body

    expect(members.map(({ member }: { member: string }) => member)).toEqual(['agent', 'productName', 'site.name'])
    for (const { total } of members) expect(total).toBe((await list({ search: 'press-1' })).body.totalElements)
  })

  it.each(['nmae', 'site', 'metadata.', ',', 'a,b,c,d,e,f,g'])('are refused of what is none: %s', async member => {
    expect((await values({ member })).status).toBe(400)
  })

  it('are counted only among the hosts that the caller reaches', async () => {
    const scope = { project: 'plant', labels: [{ key: 'line', value: 'l1' }] }
    const lina = await person(test, 'lina', { role: 'viewer', scope })
    const reachable = (await list({ label: 'line=l1' })).body.totalElements

    const [line] = (await lina.call('GET', path({ member: 'metadata.line' }, '/values'))).body.members
    expect(line).toMatchObject({ values: [{ value: 'l1', count: reachable }], absent: 0, total: reachable })
    expect((await lina.call('GET', path({ member: 'agent' }, '/values', 'other'))).body.code).toBe('not-found')
  })
})
