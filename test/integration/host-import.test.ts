// SPDX-License-Identifier: Apache-2.0
/** Hosts by the file: checked as a whole, imported once however often it is tried, and given out again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COLUMNS } from '../../controller/modules/inventory/import/columns.ts'
import { type Answer, startTestController, type TestController } from '../support/controller.ts'

let test: TestController
let site: string
const base = '/v1/projects/default'
const HEADER = COLUMNS.join(',')
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEx4YW1wbGVrZXlleGFtcGxla2V5ZXhhbXBsZWtleWV4 anna'

beforeAll(async () => {
  test = await startTestController()
  const region = await make('/regions', { name: 'emea' })
  site = (await make(`/regions/${region.resourceId}/sites`, { name: 'plant-1', regionId: region.resourceId }))
    .resourceId
  await make('/compute/os', { name: 'Ubuntu', profileName: 'ubuntu-24', sha256: 'a'.repeat(64), imageUrl: 'u/1' })
  await make('/compute/os', {
    name: 'Edge',
    profileName: 'edge-3',
    sha256: 'b'.repeat(64),
    imageUrl: 'u/2',
    securityFeature: 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION',
  })
  await make('/localAccounts', { username: 'anna', sshKey: KEY })
  await make('/customConfigs', { name: 'ntp', config: '#cloud-config\npackages: [chrony]\n' })
})
afterAll(() => test.stop())

async function make(path: string, body: object) {
  const answer = await test.call('POST', `${base}${path}`, body)
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`)
  return answer.body
}

async function send(
  text: string,
  { query = '', accept = 'application/json', project = 'default' } = {},
): Promise<Answer> {
  const response = await fetch(`${test.url}/v1/projects/${project}/compute/hosts/import${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${test.token}`, 'content-type': 'text/csv', accept },
    body: text,
  })
  const body = await response.text()
  const json = response.headers.get('content-type')?.includes('application/json') || response.status >= 400
  return {
    status: response.status,
    headers: response.headers,
    text: body,
    body: json && body.startsWith('{') ? JSON.parse(body) : undefined,
  }
}
const row = (...cells: string[]) => [...cells, ...Array(COLUMNS.length - cells.length).fill('')].join(',')
const file = (...rows: string[]) => `${[HEADER, ...rows].join('\n')}\n`
const hostCount = async () => (await test.call('GET', `${base}/compute/hosts?pageSize=1`)).body.totalElements as number
const hostBy = async (serial: string) =>
  (await test.call('GET', `${base}/compute/hosts?filter=${encodeURIComponent(`serialNumber="${serial}"`)}`)).body
    .hosts[0]

describe('the template', () => {
  it('is EIM’s header', async () => {
    const answer = await test.call('GET', `${base}/compute/hosts/import/template`)

    expect(answer).toMatchObject({ status: 200, text: `${HEADER}\n` })
    expect(answer.headers.get('content-type')).toContain('text/csv')
  })
})

describe('a check', () => {
  const defects = file(
    row('GOOD00001'),
    row('BAD-1'),
    row('GOOD00002', 'no-uuid'),
    row(''),
    row('GOOD00003', '', '', 'nowhere'),
    row('GOOD00004', '', 'nothing'),
    row('GOOD00005', '', '', '', '', '', 'no pairs'),
    row('GOOD00006', '', '', '', '', '', '', 'much'),
    row('GOOD00007', '', '', '', '', 'nobody'),
  )
  const MESSAGES = [
    'Invalid Serial number',
    'Invalid UUID',
    'One of Serial number or UUID required',
    'Invalid Site',
    'Invalid OS profile',
    'Invalid Metadata',
    'Invalid LVM Size',
    'Invalid Local Account',
  ]

  it('tells all of eight defects and creates nothing', async () => {
    const answer = await send(defects)

    expect(answer).toMatchObject({ status: 422, body: { code: 'preflight-failed', fields: { total: 9, failed: 8 } } })
    expect(answer.body.fields.rows.flatMap((each: any) => each.errors)).toEqual(MESSAGES)
    expect(answer.body.fields.rows[0]).toMatchObject({
      row: 2,
      line: 3,
      serial: 'BAD-1',
      error: 'Invalid Serial number;',
    })
    expect(await hostCount()).toBe(0)
  })

  it('answers the file with its errors where CSV is asked for', async () => {
    const answer = await send(defects, { accept: 'text/csv' })

    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toContain('text/csv')
    const lines = answer.text.trimEnd().split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[0]).toBe(HEADER)
    expect(lines[1]).toBe(row('GOOD00001'))
    expect(lines.slice(2).map(line => line.split(',').at(-1))).toEqual(MESSAGES.map(text => `${text};`))
  })

  it('creates nothing in a dry run', async () => {
    const answer = await send(file(row('GOOD00001'), row('GOOD00002')), { query: '?dryRun=true' })

    expect(answer).toMatchObject({ status: 200, body: { dryRun: true, total: 2, registered: 0, rows: [] } })
    expect(await hostCount()).toBe(0)
  })

  it('asks for system and site where that is wanted', async () => {
    const answer = await send(file(row('GOOD00001')), { query: '?requireProfile=true&dryRun=true' })

    expect(answer.body.fields.rows[0].error).toBe('OS Profile is required; Site is required;')
  })

  it.each([
    ['Serial,UUID\nA,B\n', 1],
    [`${HEADER}\nABC123,\n`, 2],
    [`${HEADER}\n${row('ABC123')}\n"open\n`, 3],
  ])('refuses what is no file of hosts: %j', async (text, line) => {
    expect(await send(text)).toMatchObject({
      status: 422,
      body: { code: 'csv-unusable', fields: { lines: [{ line }] } },
    })
  })

  it.each(['utf16le', 'utf16be'] as const)('says of %s how to save it', async encoding => {
    const bytes = Buffer.from(file(row('GOOD00001')), 'utf16le')
    const answer = await send((encoding === 'utf16be' ? bytes.swap16() : bytes).toString('latin1'))

    expect(answer).toMatchObject({ status: 422, body: { code: 'csv-unusable' } })
    expect(answer.body.detail).toContain('no text in UTF-8')
  })

  it('refuses a million rows with 413, while they come', async () => {
    const part = `${row('ABC123')}\n`.repeat(1_000)
    const answer = await send(`${HEADER}\n${part.repeat(1_000)}`)

    expect(answer).toMatchObject({ status: 413, body: { code: 'import-too-large' } })
    expect((await test.call('GET', '/healthz')).status).toBe(200)
  })

  it('refuses another media type, and a body that is none', async () => {
    expect((await test.call('POST', `${base}/compute/hosts/import`, {})).status).toBe(422)
    expect((await test.call('POST', `${base}/compute/hosts/import`)).status).toBe(422)
  })
})

describe('an import', () => {
  const UUID = '4c4c4544-0000-1111-2222-333333333333'
  const full = row('FULL00001', UUID, 'edge-3', 'plant-1', 'true', 'anna', 'line=4&lab=', '60', 'ntp')

  it('registers a host with its site, labels and instance', async () => {
    const answer = await send(file(full))

    expect(answer).toMatchObject({ status: 200, body: { total: 1, registered: 1, skipped: 0, failed: 0 } })
    const host = await hostBy('FULL00001')
    expect(host).toMatchObject({
      resourceId: answer.body.rows[0].host,
      uuid: UUID,
      userLvmSize: 60,
      site: { resourceId: site },
      metadata: [
        { key: 'line', value: '4' },
        { key: 'lab', value: '' },
      ],
      instance: {
        os: { profileName: 'edge-3' },
        localaccount: { username: 'anna' },
        customConfig: [{ name: 'ntp' }],
        securityFeature: 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION',
      },
    })
  })

  it('passes over what it registered before', async () => {
    const before = await hostCount()
    const answer = await send(file(full))

    expect(answer.body).toMatchObject({ registered: 0, completed: 0, skipped: 1, failed: 0 })
    expect(answer.body.rows[0]).toMatchObject({ outcome: 'skipped', message: 'Host already registered' })
    expect(await hostCount()).toBe(before)
  })

  it.each([
    row('FULL00001', '4c4c4544-0000-1111-2222-444444444444'),
    row('OTHER0001', UUID),
    row('FULL00001', UUID, 'ubuntu-24'),
    row('FULL00001', UUID, '', '', '', '', 'line=5'),
  ])('fails a row that differs from the host it names: %s', async text => {
    const answer = await send(file(text, row(`AFTER${text.length}${text.includes('5') ? 'X' : 'Y'}`)))

    expect(answer.body.rows[0]).toMatchObject({
      outcome: 'failed',
      error: 'Host already registered with mismatching details',
    })
    // One bad row takes none of the others with it.
    expect(answer.body).toMatchObject({ failed: 1 })
    expect(answer.body.rows[1].outcome).not.toBe('failed')
  })

  it('gives a registered host what it lacks', async () => {
    await test.call('POST', `${base}/compute/hosts/register`, { serialNumber: 'BARE00001' })
    const answer = await send(file(row('BARE00001', '', 'ubuntu-24', site, '', '', 'line=7')))

    expect(answer.body).toMatchObject({ completed: 1, registered: 0, failed: 0 })
    expect(await hostBy('BARE00001')).toMatchObject({
      site: { resourceId: site },
      metadata: [{ key: 'line', value: '7' }],
      instance: { os: { profileName: 'ubuntu-24' } },
    })
  })

  it('takes what is given for all rows', async () => {
    await send(file(row('OVER00001', '', '', 'ignored')), { query: '?site=plant-1&metadata=line%3D9' })

    expect(await hostBy('OVER00001')).toMatchObject({
      site: { resourceId: site },
      metadata: [{ key: 'line', value: '9' }],
    })
  })

  it('answers the rows that failed as a file where CSV is asked for', async () => {
    const answer = await send(file(row('FULL00001', '4c4c4544-0000-1111-2222-444444444444'), row('CSV000001')), {
      accept: 'text/csv',
    })

    expect(answer.status).toBe(200)
    expect(answer.text).toBe(
      file(
        row('FULL00001', '4c4c4544-0000-1111-2222-444444444444').replace(
          /,$/,
          ',Host already registered with mismatching details;',
        ),
      ),
    )
  })

  it('writes the audit and tells of each host', async () => {
    const { body } = await test.call('GET', '/v1/audit?chain=project:default&limit=1000')
    const actions = body.entries.map((entry: any) => entry.action)

    expect(actions).toContain('host.register')
    expect(actions).toContain('host.import')
  })

  it('registers 1,000 hosts in seconds, saying how far it is, and the rest after it was cut off', async () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => row(`MANY${String(at).padStart(5, '0')}`, '', '', 'plant-1'))
    const before = await hostCount()
    const response = await fetch(`${test.url}${base}/compute/hosts/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${test.token}`, 'content-type': 'text/csv', accept: 'application/x-ndjson' },
      body: file(...rows),
    })
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    const began = performance.now()
    let answer = await send(file(...rows), { accept: 'application/x-ndjson' })
    for (; answer.status === 409; answer = await send(file(...rows), { accept: 'application/x-ndjson' }));
    // What was under way when it was cut off is there already.
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))

    expect(performance.now() - began).toBeLessThan(60_000)
    expect(lines[0]).toMatchObject({ kind: 'start', total: 1_000, header: HEADER })
    expect(lines.filter(line => line.kind === 'row')).toHaveLength(1_000)
    expect(lines.filter(line => line.kind === 'progress').length).toBeGreaterThanOrEqual(10)
    const last = lines.at(-1)
    expect(last).toMatchObject({ kind: 'result', total: 1_000, failed: 0 })
    expect(last.registered).toBeGreaterThan(0)
    expect(last.registered + last.skipped).toBe(1_000)
    expect(await hostCount()).toBe(before + 1_000)
    expect((await send(file(...rows))).body).toMatchObject({ registered: 0, skipped: 1_000 })
  })
})

describe('an import into a project that is deleted meanwhile', () => {
  it('stops there, and leaves nothing of what it made', async () => {
    await test.call('PUT', '/v1/projects/doomed', {})
    const rows = Array.from({ length: 3_000 }, (_, at) => row(`DOOMED${at}`))
    const importing = send(file(...rows), { project: 'doomed', accept: 'application/x-ndjson' })
    const hosts = () => test.call('GET', '/v1/projects/doomed/compute/hosts?pageSize=1')
    await expect.poll(async () => (await hosts()).body.totalElements).toBeGreaterThan(0)

    await test.call('DELETE', '/v1/projects/doomed')

    const lines = (await importing).text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ kind: 'problem', code: 'not-found' })
    // The rows under way may fail; those behind them are not tried one by one.
    expect(lines.filter(({ outcome }) => outcome === 'failed').length).toBeLessThan(200)
    await expect.poll(async () => (await test.call('GET', '/v1/projects/doomed')).status, { timeout: 10_000 }).toBe(404)
    await test.call('PUT', '/v1/projects/doomed', {})
    expect((await hosts()).body.totalElements).toBe(0)
  })
})

describe('an export', () => {
  const get = (query = '', accept = 'text/csv') =>
    test.call('GET', `${base}/compute/hosts/export${query}`, undefined, { accept })

  it('has the columns of an import, and imports as what is there already', async () => {
    const answer = await get()
    const lines = answer.text.trimEnd().split('\n')

    expect(lines[0]).toBe(HEADER)
    expect(lines).toContain(
      row(
        'FULL00001',
        '4c4c4544-0000-1111-2222-333333333333',
        'edge-3',
        'plant-1',
        'true',
        'anna',
        'line=4&lab=',
        '60',
        'ntp',
      ),
    )
    expect(lines).toHaveLength(1 + (await hostCount()))
    expect((await send(answer.text)).body).toMatchObject({
      registered: 0,
      completed: 0,
      failed: 0,
      skipped: lines.length - 1,
    })
  })

  it('can be imported where none of it is known', async () => {
    const { status } = await test.call('PUT', '/v1/projects/elsewhere', {})
    expect(status).toBe(200)
    const { text } = await get(`?filter=${encodeURIComponent('serialNumber="MANY"')}`)
    const stripped = text.replaceAll(',plant-1,', ',,')

    expect((await send(stripped, { project: 'elsewhere' })).body).toMatchObject({ registered: 1_000, failed: 0 })
  })

  it('gives whole hosts as NDJSON', async () => {
    const lines = (await get('?label=line=4', 'application/x-ndjson')).text.trimEnd().split('\n')

    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toMatchObject({ serialNumber: 'FULL00001', instance: { os: { name: 'Edge' } } })
  })

  it('writes no cell that a spreadsheet would take for a formula, and reads it as it was', async () => {
    const region = await make('/regions', { name: 'odd' })
    const odd = await make('/sites', { name: '-2', regionId: region.resourceId })
    await send(file(row('ODD000001', '', '', odd.resourceId)))
    const { text } = await get(`?filter=${encodeURIComponent('serialNumber="ODD000001"')}`)

    expect(text).toContain("ODD000001,,,'-2,")
    expect((await send(text)).body).toMatchObject({ skipped: 1, failed: 0 })
    const refused = await send(file(row('ODD000002', '', '=cmd()')), { accept: 'text/csv' })
    expect(refused.text).toContain("ODD000002,,'=cmd(),")
  })

  it('says what is wrong with a filter before the first byte', async () => {
    expect(await get('?filter=nonsense%20%3D')).toMatchObject({ status: 400, body: { code: 'filter-invalid' } })
  })
})
