// SPDX-License-Identifier: Apache-2.0
/** What lists, counts and walks over a hundred thousand hosts cost through the API. */
import { join } from 'node:path'
import { writeStatus } from '../../controller/kernel/host-status.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { fillHosts } from './inventory-hosts.ts'
import { type BenchController, benchController, cpuSecondsOf, median, memoryOf, percentile, print } from './support.ts'

const HOSTS = 100_000
const ROUNDS = 40
const IMPORTED = 1_000
const PATH = '/v1/projects/default/compute/hosts'

type Query = Readonly<Record<string, string>>

const LISTS: Readonly<Record<string, Query>> = {
  'first page': {},
  'ordered by name': { orderBy: 'name' },
  'ordered by createdAt, latest first': { orderBy: 'createdAt desc' },
  'ordered by status': { orderBy: 'hostStatus' },
  'page at offset 50,000 by name': { orderBy: 'name', offset: '50000' },
  'page of 100': { pageSize: '100' },
  'page of 500': { pageSize: '500' },
  'status contains, by name': { filter: "hostStatus='error'", orderBy: 'name' },
  'status indicator, by name': { filter: 'hostStatusIndicator = error', orderBy: 'name' },
  'name contains, by name': { filter: 'name = 0042', orderBy: 'name' },
  'name contains, by id': { filter: 'name = 0042' },
  'metadata, by name': { filter: 'metadata=\'{"key":"line","value":"l42"}\'', orderBy: 'name' },
  'metadata of one host in twelve, by name': { filter: 'metadata.building = b1', orderBy: 'name' },
  'site, by name': { filter: "site.resourceId='site-00000021'", orderBy: 'name' },
  'without a site, by name': { filter: 'NOT has(site)', orderBy: 'name' },
  'processor contains, by name': { filter: 'cpuModel = i7-11', orderBy: 'name' },
  'memory above a size, by name': { filter: 'memoryBytes > 20000000000', orderBy: 'name' },
  'ordered by processor': { orderBy: 'cpuModel' },
  'two members and a label': { filter: 'hostStatus=running AND name=press AND metadata.line=l7', orderBy: 'name' },
  'a bare word in five members': { filter: '00420', orderBy: 'name' },
  'a searched word in five members': { search: '00420' },
  'twenty parts of names, any of them': { filter: twenty(), orderBy: 'name' },
}

function twenty(): string {
  return Array.from({ length: 20 }, (_, index) => `name = ${String(index * 37).padStart(4, '0')}`).join(' OR ')
}

const ROW = 'name,metadata,hostStatus,hostStatusIndicator,presence.online,presence.agent,sections,site.name,productName'

/** What the list in the browser asks. */
const ROWS: Readonly<Record<string, Query>> = {
  'page of 100 rows': { pageSize: '100', orderBy: 'name', fields: ROW },
  'page of 100 rows by agent': { pageSize: '100', orderBy: 'agent desc', fields: ROW },
  'page of 100 rows at offset 50,000': { pageSize: '100', orderBy: 'name', offset: '50000', fields: ROW },
  'agents before a version': { filter: 'agent < 2.3', orderBy: 'name' },
  'hosts offline': { filter: 'reachability = offline', orderBy: 'name' },
  'hosts not settled': { filter: 'compliance != settled', orderBy: 'name' },
}
const VALUES: Readonly<Record<string, Query>> = {
  'numbers by status': { member: 'reachability,hostStatusIndicator,compliance' },
  'keys of labels': { member: 'metadata' },
  'values of a label': { member: 'metadata.line', containing: '4' },
  'values of a processor': { member: 'cpuModel' },
  'values of agents': { member: 'agent' },
  'values of names': { member: 'name', containing: '004' },
}

const SUMMARIES: Readonly<Record<string, Query>> = {
  'summary of all': {},
  'summary of a filter on status': { filter: "hostStatus='error'" },
  'summary of a filter on names': { filter: 'name = 0042' },
  'summary of a filter on labels': { filter: 'metadata.building = b1' },
  'summary of a filter on processors': { filter: 'cpuModel = i7-11' },
}

export async function run(): Promise<void> {
  const controller = await benchController()
  const store = openSqlite(join(controller.dir, 'data', 'controller.db'))
  const began = performance.now()
  await fillHosts(store, 'default', HOSTS)
  await writeStatus(store)
  print({ name: `${HOSTS} hosts written`, value: (performance.now() - began) / 1_000, unit: 's' })
  print({ name: 'database', value: store.sizeBytes() / 2 ** 20, unit: 'MB' })
  await store.close()
  for (const [name, query] of Object.entries(LISTS)) await measure(controller, { name, path: PATH, query, aim: '≤ 30' })
  for (const [name, query] of Object.entries(SUMMARIES))
    await measure(controller, { name, path: `${PATH}/summary`, query, aim: '≤ 50' })
  for (const [name, query] of Object.entries(ROWS)) await measure(controller, { name, path: PATH, query, aim: '≤ 50' })
  for (const [name, query] of Object.entries(VALUES))
    await measure(controller, { name, path: `${PATH}/values`, query, aim: '≤ 200' })
  await walk(controller)
  await importHosts(controller)
  await exportHosts(controller)
  print({ name: 'controller RSS afterwards', value: memoryOf(controller.pid).rssMb, unit: 'MB' })
  await controller.stop()
}

type Measured = { readonly name: string; readonly path: string; readonly query: Query; readonly aim: string }

async function measure(controller: BenchController, { name, path, query, aim }: Measured): Promise<void> {
  const times: number[] = []
  let total = 0
  const before = cpuSecondsOf(controller.pid)
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    const answer = await controller.call('GET', `${path}?${new URLSearchParams(query)}`)
    times.push(performance.now() - began)
    total = answer.totalElements ?? answer.total ?? answer.members?.[0]?.total
    if (total === undefined) throw new Error(`${name}: ${JSON.stringify(answer)}`)
  }
  print({ name: `${name} (${total}), median`, value: median(times), unit: 'ms' })
  print({ name: `${name}, p95`, value: percentile(times, 0.95), unit: 'ms', aim })
  const processor = ((cpuSecondsOf(controller.pid) - before) * 1_000) / ROUNDS
  print({ name: `${name}, processor time`, value: processor, unit: 'ms' })
}

async function walk(controller: BenchController): Promise<void> {
  const began = performance.now()
  const seen = new Set<string>()
  let cursor = ''
  for (;;) {
    const query = new URLSearchParams({ orderBy: 'name desc', pageSize: '500', cursor })
    const page = await controller.call('GET', `${PATH}?${query}`)
    for (const { resourceId } of page.hosts) seen.add(resourceId)
    if (!page.hasNext) break
    cursor = page.nextCursor
  }
  if (seen.size !== HOSTS) throw new Error(`the walk saw ${seen.size} hosts`)
  print({ name: `walk over ${HOSTS} hosts by cursor`, value: (performance.now() - began) / 1_000, unit: 's' })
}

/** EIM's table with the first two columns filled, and what reads it beside all the others. */
async function importHosts(controller: BenchController): Promise<void> {
  const template = await (await ask(controller, 'import/template', 'text/csv')).text()
  const rows = Array.from({ length: IMPORTED }, (_, at) => `BENCH${String(at).padStart(6, '0')},${','.repeat(11)}`)
  const before = cpuSecondsOf(controller.pid)
  const began = performance.now()
  const table = `${template.trim()}\n${rows.join('\n')}\n`
  const { registered } = (await (await ask(controller, 'import', 'application/json', table)).json()) as any
  if (registered !== IMPORTED) throw new Error(`the import registered ${registered}`)
  print({ name: `import of ${IMPORTED} rows`, value: (performance.now() - began) / 1_000, unit: 's', aim: '≤ 60' })
  print({ name: 'import, processor time', value: cpuSecondsOf(controller.pid) - before, unit: 's' })
}

async function exportHosts(controller: BenchController): Promise<void> {
  for (const [name, type] of [
    ['CSV', 'text/csv'],
    ['one resource a line', 'application/x-ndjson'],
  ] as const) {
    const began = performance.now()
    let bytes = 0
    const { body } = await ask(controller, 'export', type)
    if (body === null) throw new Error('the export was empty')
    for await (const part of body) bytes += part.length
    print({ name: `export as ${name}`, value: (performance.now() - began) / 1_000, unit: 's' })
    print({ name: `export as ${name}, size`, value: bytes / 2 ** 20, unit: 'MB' })
  }
}

async function ask(controller: BenchController, path: string, accept: string, table?: string): Promise<Response> {
  const response = await fetch(`${controller.url}${PATH}/${path}`, {
    method: table === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${controller.token}`,
      accept,
      ...(table === undefined ? {} : { 'content-type': 'text/csv' }),
    },
    ...(table === undefined ? {} : { body: table }),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response
}
