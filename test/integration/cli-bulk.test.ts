// SPDX-License-Identifier: Apache-2.0
/** Hosts in bulk from the command line: files in and out, one change on many, and EIM's resources with the same verbs. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { COLUMNS } from '../../controller/modules/inventory/import/columns.ts'
import { makeWorld, type World } from '../support/cli-world.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { createDesk, type Desk, type Typed, words } from '../support/muster.ts'

let test: TestController
let desk: Desk
let world: World
const cwd = process.cwd()
const HEADER = COLUMNS.join(',')
const row = (...cells: string[]) => [...cells, ...Array(COLUMNS.length - cells.length).fill('')].join(',')
const muster = (line: string, typed?: Typed) => desk.muster(words(line), typed)
const register = async (serialNumber: string, name = '') =>
  (await test.call('POST', '/v1/projects/default/compute/hosts/register', { serialNumber, name })).body
    .resourceId as string
const hostOf = async (id: string) => (await test.call('GET', `/v1/projects/default/compute/hosts/${id}`)).body
let first: string

beforeAll(async () => {
  test = await startTestController()
  desk = createDesk()
  const token = join(desk.home, 'token.txt')
  writeFileSync(token, test.token)
  await muster(
    `login ${test.secureUrl} --ca-fingerprint sha256:${test.controller.rootFingerprint} --token-file ${token}`,
  )
  first = await register('FIRST00001', 'first')
  world = await makeWorld(test, first)
})
afterAll(async () => {
  process.chdir(cwd)
  await test.stop()
  desk.remove()
})
beforeEach(() => {
  const folder = join(desk.home, 'work')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  process.chdir(folder)
})

describe('host import', () => {
  it('writes the template, and does not write over what is there', async () => {
    expect(await muster('host import --template')).toMatchObject({ code: 0, out: `${HEADER}\n` })
    expect(await muster('host import --template=t.csv')).toMatchObject({ code: 0 })
    expect(readFileSync('t.csv', 'utf8')).toBe(`${HEADER}\n`)
    expect(await muster('host import --template=t.csv')).toMatchObject({ code: 6 })
  })

  it('says in EIM’s words that a file is good, and creates nothing', async () => {
    writeFileSync('fleet.csv', `${HEADER}\n${row('DRY0000001')}\n`)

    expect(await muster('host import fleet.csv --dry-run')).toMatchObject({
      code: 0,
      out: 'CSV validation successful\n',
    })
    expect((await muster('host ls -q DRY0000001 -o name')).out).toBe('')
  })

  it('registers in EIM’s words, and says again that it has', async () => {
    writeFileSync('fleet.csv', `${HEADER}\n${row('CLI0000001', '', 'ubuntu', 'plant-1')}\n`)
    const ended = await muster('host import fleet.csv --metadata batch=1')

    expect(ended.code).toBe(0)
    expect(ended.out).toMatch(
      /^✔ Host Serial number : CLI0000001 {2}UUID : {2}registered\. Host ID : host-[0-9a-f]{8}\n$/,
    )
    expect(ended.err).toContain('Done: 1 registered, 0 skipped, 0 failed')
    expect(await muster('host import fleet.csv --metadata batch=1')).toMatchObject({
      code: 0,
      err: expect.stringContaining('Done: 0 registered, 1 skipped, 0 failed'),
    })
    const shown = await muster('host get CLI0000001')
    expect(shown.out).toMatch(/^site +plant-1 \(site-[0-9a-f]{8}\)$/m)
    expect(shown.out).toMatch(/^instance +inst-[0-9a-f]{8}, ubuntu/m)
    expect(shown.out).toMatch(/^registration +Host is Registered$/m)
  })

  it('writes the file with its errors under its own name, and exits 6', async () => {
    writeFileSync('fleet.csv', `${HEADER}\n${row('GOOD000001')}\n${row('BAD-1')}\n${row('', '', '', 'nowhere')}\n`)
    const ended = await muster('host import fleet.csv')

    expect(ended).toMatchObject({ code: 6, out: '', err: expect.stringContaining('[preflight-failed]') })
    const [name = ''] = readdirSync('.').filter(each => each.startsWith('preflight_error_'))
    expect(name).toMatch(/^preflight_error_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ_fleet\.csv$/)
    expect(ended.err).toContain(`Generating error file: ${name}`)
    expect(readFileSync(name, 'utf8').split('\n')).toEqual([
      HEADER,
      row('GOOD000001'),
      row('BAD-1').replace(/,$/, ',Invalid Serial number;'),
      row('', '', '', 'nowhere').replace(/,$/, ',One of Serial number or UUID required; Invalid Site;'),
      '',
    ])
    expect((await muster('host ls -q GOOD000001 -o name')).out).toBe('')
  })

  it('goes on after a row that fails, writes that row into a file, and exits 9', async () => {
    await test.call('POST', '/v1/projects/default/compute/hosts/register', {
      serialNumber: 'TAKEN00001',
      uuid: '4c4c4544-0000-1111-2222-555555555555',
    })
    const bad = row('TAKEN00001', '4c4c4544-0000-1111-2222-666666666666')
    mkdirSync('plans')
    writeFileSync('plans/fleet.csv', `${HEADER}\n${bad}\n${row('PART000001')}\n`)
    const ended = await muster('host import plans/fleet.csv')

    expect(ended.code).toBe(9)
    expect(ended.out).toContain('✗ Host Serial number : TAKEN00001')
    expect(ended.out).toContain('✔ Host Serial number : PART000001')
    const [name = ''] = readdirSync('.').filter(each => each.startsWith('import_error_'))
    expect(name).toMatch(/_fleet\.csv$/)
    expect(readFileSync(name, 'utf8')).toBe(
      `${HEADER}\n${bad.replace(/,$/, ',Host already registered with mismatching details;')}\n`,
    )
    expect((await muster('host import plans/fleet.csv -o json')).json).toMatchObject({
      kind: 'HostImportList',
      items: [{ outcome: 'failed' }, { outcome: 'skipped' }],
    })
  })

  it('lets machines in as they come, unless somebody wants to do that', async () => {
    writeFileSync('fleet.csv', `${HEADER}\n${row('ONBOARD001')}\n`)
    await muster('host import fleet.csv')
    writeFileSync('fleet.csv', `${HEADER}\n${row('ONBOARD002')}\n`)
    await muster('host import fleet.csv --manual-onboard')

    expect((await muster('host get ONBOARD001 -o json')).json.item.desiredState).toBe('HOST_STATE_ONBOARDED')
    expect((await muster('host get ONBOARD002 -o json')).json.item.desiredState).toBe('HOST_STATE_REGISTERED')
  })

  it('tells of a file that is no table, and of none', async () => {
    writeFileSync('fleet.csv', 'a,b\n')

    expect(await muster('host import fleet.csv')).toMatchObject({
      code: 6,
      err: expect.stringContaining('[csv-unusable]'),
    })
    expect(await muster('host import missing.csv')).toMatchObject({ code: 6 })
    expect(await muster('host import')).toMatchObject({ code: 2 })
  })

  it('stops at Ctrl-C, and says what was done', async () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => row(`STOP${String(at).padStart(6, '0')}`))
    writeFileSync('fleet.csv', [HEADER, ...rows, ''].join('\n'))
    const stopping = new AbortController()
    const { clock } = await import('../../controller/cli/system/clock.ts')
    const running = muster('host import fleet.csv -o json', { signal: stopping.signal, parts: { clock } })
    await expect
      .poll(async () => (await muster('host ls -q STOP0000 --limit 1 -o name')).out, { timeout: 20_000 })
      .not.toBe('')
    stopping.abort()
    const ended = await running

    expect(ended.code).toBe(130)
    expect(ended.err).toMatch(/Done: \d+ registered, 0 skipped, 0 failed; it did not come to its end/)
  })
})

describe('host register and onboard', () => {
  it('registers a machine, and lets it in later', async () => {
    expect(await muster('host register --serial LATER00001 --name later')).toMatchObject({ code: 0 })
    const before = (await muster('host get later -o json')).json.item
    expect(before).toMatchObject({ desiredState: 'HOST_STATE_REGISTERED', serialNumber: 'LATER00001' })
    expect(await muster('host onboard later')).toMatchObject({ code: 0, err: expect.stringContaining('may come in') })
    expect((await hostOf(before.resourceId)).desiredState).toBe('HOST_STATE_ONBOARDED')
    expect(await muster('host register --serial LATER00001')).toMatchObject({ code: 7 })
    expect(await muster('host register --name x')).toMatchObject({ code: 2 })
  })
})

describe('host set', () => {
  it('says what was updated and what was left out, and counts', async () => {
    const ids = [await register('SET0000001', 'set-1'), await register('SET0000002', 'set-2')]
    const ended = await muster(
      'host set set-1 set-2 first --osupdatepolicy nightly --metadata set=yes --site-id plant-1',
    )

    expect(ended.code).toBe(0)
    const lines = ended.out.trimEnd().split('\n')
    expect(lines.at(-1)).toBe('Done: 3 updated, 0 skipped, 0 failed')
    expect(ended.out).toMatch(
      /^\[\d\/3\] {2}set-1 \(host-[0-9a-f]{8}\) {2}updated; osupdatepolicy skipped \(no instance\)$/m,
    )
    expect(ended.out).toMatch(/^\[\d\/3\] {2}first \(host-[0-9a-f]{8}\) {2}updated$/m)
    expect(await hostOf(ids[0]!)).toMatchObject({ site: { name: 'plant-1' }, metadata: [{ key: 'set', value: 'yes' }] })
    expect(await hostOf(first)).toMatchObject({ instance: { updatePolicy: { resourceId: world.policy } } })
  })

  it('leaves power alone where AMT is not provisioned', async () => {
    const ended = await muster('host set -l set=yes --power reset --power-policy ordered -y')

    expect(ended.code).toBe(0)
    expect(ended.out.match(/power\/policy skipped \(AMT not provisioned\)$/gm)).toHaveLength(3)
    expect(ended.out).toMatch(/Done: 0 updated, 3 skipped, 0 failed\n$/)
    expect(await muster('host set -l set=yes --power reset')).toMatchObject({ code: 2 })
  })

  it('says in EIM’s words that there is no such policy', async () => {
    const ended = await muster('host set press-1 --osupdatepolicy nowhere -y')

    expect(ended).toMatchObject({ code: 4, err: expect.stringContaining('Invalid OS Update Policy') })
  })

  it('exits 9 when one of three fails and one is left out', async () => {
    await register('SET0000003', 'set-3')
    const gone = await register('SET0000004', 'set-4')
    writeFileSync(
      'set.csv',
      `Name,ResourceID,OSUpdatePolicy,Metadata\nset-3,,nightly,\n,${gone},,BAD=1\nfirst,,nightly,\n`,
    )
    const ended = await muster('host set --from-csv set.csv')

    expect(ended.code).toBe(9)
    expect(ended.out).toMatch(/^\[\d\/3\] {2}set-4 .* {2}failed: .*\[invalid\]$/m)
    expect(ended.out).toMatch(/Done: 1 updated, 1 skipped, 1 failed\n$/)
    expect((await muster('host set --from-csv set.csv -o json')).json).toMatchObject({
      kind: 'HostSetList',
      items: expect.arrayContaining([expect.objectContaining({ result: 'failed', code: 'invalid' })]),
    })
  })

  it('finds hosts by filter, site and region, and sends nothing in a dry run', async () => {
    const before = await hostOf(first)
    const dry = await muster(`host set --region emea --filter 'name="first"' --metadata never=1 --dry-run`)

    expect(dry).toMatchObject({ code: 0, err: expect.stringContaining('nothing was sent') })
    expect(dry.out).toContain(`PATCH /v1/projects/default/compute/hosts/${first}`)
    expect((await hostOf(first)).metadata).toEqual(before.metadata)
    expect((await muster('host ls --site plant-1 -o name')).out).toContain(first)
    expect((await muster('host ls --filter registered -o name')).out).toContain(first)
    expect(await muster('host set --site nowhere --metadata a=1')).toMatchObject({ code: 4 })
  })

  it('wants the number of more than 50 hosts', async () => {
    const rows = Array.from({ length: 51 }, (_, at) =>
      row(`FIFTY${String(at).padStart(5, '0')}`, '', '', '', '', '', 'crowd=1'),
    )
    writeFileSync('fleet.csv', [HEADER, ...rows, ''].join('\n'))
    await muster('host import fleet.csv')

    expect(await muster('host set -l crowd=1 --metadata a=1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('count-not-confirmed'),
    })
    expect(await muster('host set -l crowd=1 --metadata a=1 --confirm-count 50')).toMatchObject({ code: 7 })
    expect(await muster('host set -l crowd=1 --metadata a=1 --confirm-count 51')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Done: 51 updated, 0 skipped, 0 failed'),
    })
  })

  it('stops at Ctrl-C, and says what was done', async () => {
    const stopping = new AbortController()
    const { wire } = await import('../../controller/cli/system/wire.ts')
    let sent = 0
    const send: typeof wire.send = async request => {
      if (request.method === 'PATCH' && ++sent === 10) stopping.abort()
      return wire.send(request)
    }
    const ended = await muster('host set -l crowd=1 --metadata b=1 --confirm-count 51', {
      signal: stopping.signal,
      parts: { wire: { ...wire, send } },
    })

    expect(ended.code).toBe(130)
    expect(ended.out).toMatch(/Done: \d+ updated, 0 skipped, 0 failed, \d+ not begun\n$/)
  })

  it.each(['host set', 'host set first', 'host set first --power jump', 'host set first -l a=1 --metadata a=1'])(
    'does not understand: %s',
    async line => {
      expect(await muster(line)).toMatchObject({ code: 2 })
    },
  )
})

describe('host export', () => {
  it('writes a file that imports as what is there', async () => {
    await muster('host export fleet.csv')
    expect(await muster('host import fleet.csv')).toMatchObject({
      code: 0,
      err: expect.stringMatching(/Done: 0 registered, \d+ skipped, 0 failed/),
    })
    const lines = (await muster('host export -q first -o json')).out.trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).name)).toEqual(['first'])
    expect(await muster('host export -o yaml')).toMatchObject({ code: 2 })
  })
})

describe('resources', () => {
  it('are made, found by name, changed and removed', async () => {
    expect(await muster('region create bavaria --parent emea --metadata country=de')).toMatchObject({ code: 0 })
    expect(await muster('site create works --region bavaria --latitude 48.1372 --longitude -11.5')).toMatchObject({
      code: 0,
    })
    expect((await muster('site get works -o json')).json).toMatchObject({
      kind: 'Site',
      item: { siteLat: 481_372_000, siteLng: -115_000_000, region: { name: 'bavaria' } },
    })
    expect(await muster('site set works --name works-1')).toMatchObject({ code: 0 })
    expect((await muster('region tree')).out).toMatch(
      /^Region: region-[0-9a-f]{8} \(emea\)\n└───── Region: region-[0-9a-f]{8} \(bavaria\)\n {8}└───── Site: site-[0-9a-f]{8} \(works-1\)\n└───── Site: site-[0-9a-f]{8} \(plant-1\)\n/,
    )
    expect(await muster('region rm bavaria -y')).toMatchObject({ code: 7, err: expect.stringContaining('[in-use]') })
    expect(await muster('site rm works-1')).toMatchObject({ code: 2, err: expect.stringContaining('[not-confirmed]') })
    expect(await muster('site rm works-1 -y')).toMatchObject({ code: 0 })
    expect(await muster('region rm bavaria -y')).toMatchObject({ code: 0 })
    expect(await muster('region get bavaria')).toMatchObject({ code: 4 })
  })

  it('with one name in two places are told apart by their ids', async () => {
    await muster('region create apac')
    await muster('site create twin --region emea')
    await muster('site create twin --region apac')
    const ended = await muster('site get twin')

    expect(ended).toMatchObject({ code: 4, err: expect.stringContaining('[name-ambiguous]') })
    expect(ended.err.match(/^ {2}site-[0-9a-f]{8} {2}twin/gm)).toHaveLength(2)
  })

  it('are listed with the columns of EIM’s command line, and as CSV', async () => {
    expect((await muster('region ls')).out).toMatch(/^RESOURCEID +NAME +PARENTID +TOTALSITES\n/)
    for (const line of (await muster('region ls')).out.trim().split('\n').slice(1)) expect(line).toMatch(/ \d+$/)
    expect((await muster('site ls')).out).toMatch(/^RESOURCEID +NAME +REGIONID +REGION\n/)
    expect((await muster('os ls')).out).toMatch(/^NAME +ARCHITECTURE +SECURITYFEATURE +RESOURCEID\n/)
    expect((await muster('update-run ls')).out).toMatch(/^NAME +RESOURCEID +STATUS +POLICY +START +END\n/)
    expect((await muster('region ls -o csv --order-by name')).out).toMatch(/^RESOURCEID,NAME,PARENTID,TOTALSITES\n/)
    expect((await muster('region ls --filter \'name="emea"\' -o name')).out).toMatch(/^region-[0-9a-f]{8}\n$/)
    expect(await muster('region ls --filter nonsense=')).toMatchObject({ code: 6 })
  })

  it('come from EIM’s files', async () => {
    writeFileSync(
      'os.yaml',
      `appVersion: apps/v1\nspec:\n  name: Edge\n  type: OPERATING_SYSTEM_TYPE_IMMUTABLE\n  profileName: edge-3\n  osImageSha256: ${'c'.repeat(64)}\n`,
    )
    expect(await muster('os create -f os.yaml')).toMatchObject({ code: 0 })
    expect((await muster('os get Edge -o json')).json.item).toMatchObject({
      osType: 'OS_TYPE_IMMUTABLE',
      profileName: 'edge-3',
    })
  })

  it('of two variants are one noun', async () => {
    expect(await muster('telemetry-group create disks --group disk')).toMatchObject({ code: 2 })
    expect(await muster('telemetry-group create disks --kind metrics --group disk')).toMatchObject({ code: 0 })
    expect((await muster('telemetry-group ls --kind metrics')).out).toContain('disks')
    expect((await muster('telemetry-group ls')).out).toMatch(/line-logs[\s\S]*disks/)
    expect(
      await muster('telemetry-profile create --kind metrics --site plant-1 --metrics-group disks --interval 30'),
    ).toMatchObject({ code: 0 })
  })

  it('that hold hosts to times keep the hours of the zone', async () => {
    const made = await muster(
      'schedule create month-end --target site/plant-1 --frequency monthly --day-of-month 1,31 --hour 0 --duration 3600 --timezone Pacific/Auckland',
    )
    expect(made).toMatchObject({ code: 0 })
    const { item } = (await muster('schedule get month-end -o json')).json
    expect(item).toMatchObject({ cronHours: '0', cronDayMonth: '1,31', timezone: 'Pacific/Auckland' })
    const upcoming = (await muster('schedule next first -o json')).json
    expect(upcoming.kind).toBe('ScheduleOpeningList')
    expect(upcoming.items.map((each: any) => each.name)).toContain('nights')
    expect(await muster('schedule set month-end --hour 1')).toMatchObject({ code: 0 })
    expect((await muster('schedule get month-end -o json')).json.item).toMatchObject({
      cronHours: '1',
      cronDayMonth: '1,31',
    })
    expect(await muster('schedule set month-end --start-time 2099-01-01T00:00:00Z')).toMatchObject({ code: 2 })
    expect(await muster('schedule create once --target host/first --start-time 2099-01-01T00:00:00Z')).toMatchObject({
      code: 0,
    })
    expect(await muster('schedule rm once -y')).toMatchObject({ code: 0 })
  })
})
