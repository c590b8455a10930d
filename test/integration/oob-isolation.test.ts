// SPDX-License-Identifier: Apache-2.0
/** Two projects with the same names for everything: what one has, the other never sees, whichever door it tries. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { KernelTables } from '../../controller/kernel/tables/tables.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import { createAmtMachine } from '../../simulator/amt/machine.ts'
import { createSwarm, type Swarm, swarmAccount } from '../../simulator/amt/swarm.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { oobModules } from '../support/oob-fleet.ts'
import { payloadOf } from '../support/rpc-client.ts'

const NORTH = 'default'
const SOUTH = 'south'
const [north, south] = [swarmAccount('north', 0), swarmAccount('south', 1)]
const oob = (project: string) => `/v1/projects/${project}/oob`
const PROFILE = { profileName: 'line', activation: 'ccmactivate', dhcpEnabled: true, generateRandomPassword: false }

let test: TestController
let swarm: Swarm
beforeAll(async () => {
  test = await startTestController({ config: { modules: oobModules() } })
  const store = openSqlite(join(test.dir, 'controller.db'))
  await store
    .installation<KernelTables>()
    .insertInto('kernel_projects')
    .values({ name: SOUTH, created_at: '2026-11-21T04:00:00Z' })
    .execute()
  await store.close()
  await test.restart()
  for (const [project, account] of [
    [NORTH, north],
    [SOUTH, south],
  ] as const) {
    const { uuid: guid, username: mpsusername, password: mpspassword, amtPassword: password } = account
    const device = {
      guid,
      hostname: 'press-04',
      friendlyName: 'press',
      tags: ['hall'],
      mpsusername,
      mpspassword,
      password,
    }
    const made = await test.call('POST', `${oob(project)}/mps/devices`, device)
    expect(made.status, made.text).toBe(201)
    const profile = { ...PROFILE, amtPassword: project === NORTH ? 'N0rth!pass' : 'S0uth!pass' }
    const kept = await test.call('POST', `${oob(project)}/rps/profiles`, profile)
    expect(kept.status, kept.text).toBe(201)
  }
  const { address, port, root } = (await test.call('GET', `${oob(NORTH)}/endpoint`)).body
  swarm = createSwarm({
    count: 2,
    seed: 'isolation',
    clock: realClock,
    server: { host: '127.0.0.1', port, ca: root, commonName: address },
    account: index => (index === 0 ? north : south),
  })
  const report = await swarm.connect({ concurrency: 2, patienceMs: 20_000 })
  expect(report.connected).toBe(2)
  await until(
    async () => (await test.call('GET', `${oob(SOUTH)}/mps/devices/stats`)).body,
    stats => stats.connectedCount === 1,
  )
})
afterAll(async () => {
  await swarm?.stop()
  await test?.stop()
})

describe('the devices of another project', () => {
  it('are in no list, no count and no tag', async () => {
    for (const [project, account] of [
      [NORTH, north],
      [SOUTH, south],
    ] as const) {
      const list = (await test.call('GET', `${oob(project)}/mps/devices`)).body
      expect(list.map((each: any) => each.guid)).toEqual([account.uuid])
      expect((await test.call('GET', `${oob(project)}/mps/devices/stats`)).body.totalCount).toBe(1)
      expect((await test.call('GET', `${oob(project)}/mps/devices?hostname=press-04`)).body).toHaveLength(1)
      expect((await test.call('GET', `${oob(project)}/status`)).body.lines.map((each: any) => each.guid)).toEqual([
        account.uuid,
      ])
    }
    const byHeader = await test.call('GET', '/api/v1/devices', undefined, { 'x-tenant-id': SOUTH })
    expect(byHeader.body.map((each: any) => each.guid)).toEqual([south.uuid])
    expect((await test.call('GET', '/api/v1/devices')).body.map((each: any) => each.guid)).toEqual([north.uuid])
  })

  it.each([
    ['GET', `/mps/devices/${south.uuid}`],
    ['GET', `/mps/devices/redirectstatus/${south.uuid}`],
    ['GET', `/mps/amt/power/state/${south.uuid}`],
    ['POST', `/mps/amt/power/action/${south.uuid}`, { action: 8 }],
    ['GET', `/mps/amt/features/${south.uuid}`],
    ['POST', `/mps/amt/password/${south.uuid}`, {}],
    ['DELETE', `/mps/amt/deactivate/${south.uuid}`],
    ['DELETE', `/mps/devices/${south.uuid}`],
    ['DELETE', `/mps/devices/disconnect/${south.uuid}`],
    ['DELETE', `/mps/devices/refresh/${south.uuid}`],
    ['POST', `/devices/${south.uuid}/power`, { action: 'off' }],
    ['GET', `/devices/${south.uuid}/sol`],
  ])('are not there: %s %s', async (method, path, body?: object) => {
    const answer = await test.call(method, `${oob(NORTH)}${path}`, body)

    expect([404, 204], answer.text).toContain(answer.status)
    expect(answer.text).not.toContain('press-04')
  })

  it('stay as they were after all that', async () => {
    const [, theirs] = swarm.machines
    expect(theirs!.state).toMatchObject({ power: 2, controlMode: expect.any(Number) })
    expect(theirs!.state.controlMode).not.toBe(0)
    const answer = await test.call('GET', `${oob(SOUTH)}/mps/amt/power/state/${south.uuid}`)
    expect(answer, answer.text).toMatchObject({ status: 200, body: { powerstate: 2 } })
    expect(swarm.connected()).toBe(2)
  })

  it('cannot be taken by adding them again', async () => {
    const again = await test.call('POST', `${oob(NORTH)}/mps/devices`, { guid: south.uuid, hostname: 'mine' })

    expect(again.status).toBeGreaterThanOrEqual(400)
    expect((await test.call('GET', `${oob(SOUTH)}/mps/devices/${south.uuid}`)).body.hostname).toBe('press-04')
  })
})

describe('the records of another project', () => {
  it('go by the same names and are others', async () => {
    const path = (project: string) => `${oob(project)}/rps/profiles/line`
    const changed = await test.call('PATCH', `${oob(SOUTH)}/rps/profiles`, {
      ...PROFILE,
      amtPassword: 'S0uth!pass',
      tags: ['south'],
      version: (await test.call('GET', path(SOUTH))).body.version,
    })
    expect(changed.status, changed.text).toBe(200)

    expect((await test.call('GET', path(SOUTH))).body.tags).toEqual(['south'])
    expect((await test.call('GET', path(NORTH))).body.tags).toEqual([])
    expect((await test.call('DELETE', path(NORTH))).status).toBe(204)
    expect((await test.call('GET', path(SOUTH))).status).toBe(200)
    const names = (await test.call('GET', `${oob(NORTH)}/rps/profiles`)).body.map((each: any) => each.profileName)
    expect(names).toEqual(['default_acm', 'default_ccm'])
  })
})

describe('the doors that machines and viewers come through', () => {
  const open = (path: string, protocols?: string): Promise<{ opened: boolean; messages: any[]; socket: WebSocket }> =>
    new Promise(resolve => {
      const url = `${test.url.replace('http', 'ws')}${path}`
      const socket = protocols === undefined ? new WebSocket(url) : new WebSocket(url, protocols)
      const messages: any[] = []
      socket.on('message', data => messages.push(JSON.parse(String(data))))
      socket.once('open', () => resolve({ opened: true, messages, socket }))
      socket.once('error', () => resolve({ opened: false, messages, socket }))
    })
  const activate = async (tenantId: string, profile: string, uuid: string): Promise<any> => {
    const machine = createAmtMachine({ uuid, version: '16.1.25', sku: 'amt', clock: realClock, random: realRandom })
    const { socket, messages } = await open('/activate')
    const payload = Buffer.from(JSON.stringify(payloadOf(machine))).toString('base64')
    const first = { method: `activate --profile ${profile}`, apiKey: 'key', appVersion: '2.52.4', message: 'ok' }
    socket.send(JSON.stringify({ ...first, protocolVersion: '4.0.0', status: 'ok', fqdn: '', payload, tenantId }))
    const [answer] = await until(
      async () => messages,
      list => list.length > 0,
    )
    socket.terminate()
    return answer
  }
  const FRESH = '4c4c4544-005a-3510-8047-b4c04f560001'

  it('know a profile in its own tenant only', async () => {
    expect((await activate(SOUTH, 'line', FRESH)).method).not.toBe('error')
    const answer = await activate('', 'line', FRESH)
    expect(answer).toMatchObject({ method: 'error' })
    expect(answer.message).toContain('does not match list of available AMT profiles')
    expect((await activate('nowhere', 'line', FRESH)).method).toBe('error')
  })

  it('do not let a machine of one tenant be activated into another', async () => {
    const answer = await activate('', 'default_ccm', south.uuid)

    expect(answer.method).toBe('error')
    expect(answer.message).toContain('another tenant')
  })

  it('give no relay token for a device of another project, and take none', async () => {
    const refused = await test.call('GET', `${oob(NORTH)}/mps/authorize/redirection/${south.uuid}`)
    expect(refused.status, refused.text).toBe(404)
    const { token } = (await test.call('GET', `${oob(NORTH)}/mps/authorize/redirection/${north.uuid}`)).body
    const relay = (guid: string): string => `/relay/webrelay.ashx?p=2&host=${guid}&port=16994&tls=0&tls1only=0&mode=sol`

    expect((await open(relay(south.uuid), token)).opened).toBe(false)
    const own = await open(relay(north.uuid), token)
    expect(own.opened).toBe(true)
    own.socket.terminate()
  })
})
