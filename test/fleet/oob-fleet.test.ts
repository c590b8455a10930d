// SPDX-License-Identifier: Apache-2.0
/** Fifty machines from their first report to their deactivation: the real agent, the real controller, simulated firmware. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SimulatedAgent } from '../../simulator/crew.ts'
import type { Fleet, Member } from '../../simulator/fleet.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { startFleet } from '../support/fleet.ts'
import { createDesk, type Desk } from '../support/muster.ts'
import { fleetPfx, guidOf, type Kind, kindAt, oobHost, oobModules, SUFFIX } from '../support/oob-fleet.ts'

const MIX = { vpro: 40, ism: 8, none: 2 }
const ALL = 50
const API = '/v1/projects/default/oob'

let test: TestController
let fleet: Fleet<SimulatedAgent>
let desk: Desk
const muster = (line: string) => desk.muster(line.split(' '))

beforeAll(async () => {
  test = await startTestController({ config: { modules: oobModules() } })
  fleet = await startFleet({
    url: test.secureUrl,
    token: await test.joinToken(ALL),
    count: ALL,
    each: oobHost(MIX),
  })
  desk = createDesk()
  const token = join(desk.home, 'token.txt')
  writeFileSync(token, test.token)
  const fingerprint = `sha256:${test.controller.rootFingerprint}`
  await muster(`login ${test.secureUrl} --ca-fingerprint ${fingerprint} --token-file ${token}`)
})
afterAll(async () => {
  await fleet?.stop()
  await test?.stop()
  desk?.remove()
})

const idOf = (member: Member<SimulatedAgent>): string => member.enlisted!.id
const kindOf = ({ number }: Member<SimulatedAgent>): Kind => kindAt(MIX, number)
const managed = () => fleet.members.filter(member => kindOf(member) !== 'none')
const majorOf = (member: Member<SimulatedAgent>) => Number.parseInt(member.host.amt!.mei.version, 10)
const order = async (member: Member<SimulatedAgent>, body: object) => {
  const answer = await test.call('POST', `${API}/hosts/${idOf(member)}/activation`, body)
  expect(answer.status, answer.text).toBe(202)
}
const orderOf = async (member: Member<SimulatedAgent>) =>
  (await test.call('GET', `${API}/hosts/${idOf(member)}/activation`)).body
const settled = (member: Member<SimulatedAgent>) =>
  until(
    () => orderOf(member),
    intent => intent.indicator !== 'IN_PROGRESS',
    60_000,
  )
const statusLines = async (): Promise<any[]> => (await test.call('GET', `${API}/status?pageSize=500`)).body.lines

it('knows what every machine has, and why some have nothing', async () => {
  const domain = await test.call('POST', `${API}/rps/domains`, {
    profileName: 'plant',
    domainSuffix: SUFFIX,
    provisioningCert: fleetPfx().pfx,
    provisioningCertPassword: fleetPfx().password,
    provisioningCertStorageFormat: 'string',
  })
  expect(domain.status, domain.text).toBe(201)
  const summary = await until(
    async () => (await test.call('GET', `${API}/summary`)).body,
    counts => counts.amt + counts.ism + counts.none === ALL,
    60_000,
  )

  expect(summary).toEqual({ amt: MIX.vpro, ism: MIX.ism, none: MIX.none, unknown: 0 })
  const plain = (await statusLines()).filter(line => line.sku === 'none')
  expect(plain.map(line => line.why)).toEqual(Array(MIX.none).fill('rpc found no AMT on this machine'))
})

it('activates one machine that is ordered by itself', async () => {
  const [first] = fleet.members
  await order(first!, { state: 'provisioned', reason: 'the pilot' })

  expect(await settled(first!)).toMatchObject({
    wanted: 'provisioned',
    indicator: 'IDLE',
    status: 'AMT Activation Done',
  })
  expect(first!.host.amt!.state.controlMode).toBe(2)
})

it('activates the fleet by one command: vPRO in admin control, ISM in client control, each written once', async () => {
  const ended = await muster('oob activate -q online:true --wait -y --confirm-count 50 -o json')

  // Those without AMT cannot be activated, and say so.
  expect(ended.code, ended.err).toBe(9)
  expect(ended.out.match(/rpc found no AMT on this machine/g)).toHaveLength(MIX.none)
  for (const member of managed()) {
    const { state } = member.host.amt!
    const name = `${member.number} ${kindOf(member)} ${majorOf(member)}`
    expect(state.controlMode, name).toBe(kindOf(member) === 'vpro' ? 2 : 1)
    // From 19 on admin control is reached through client control.
    expect(state.counters.activationWrites, name).toBe(majorOf(member) >= 19 ? 2 : 1)
    expect(state.cira.servers.length, name).toBe(1)
    expect(state.counters.protocolErrors, name).toBe(0)
  }
  const generations = new Set(managed().map(majorOf))
  expect([...generations].sort()).toEqual([11, 12, 15, 16, 18, 19])
})

it('reaches every device over its own tunnel with a password of its own', async () => {
  const hashes = new Set<string>()
  for (const member of managed()) {
    const answer = await test.call('GET', `${API}/mps/amt/generalSettings/${guidOf(member)}`)
    expect(answer.status, `${member.number}: ${answer.text}`).toBe(200)
    hashes.add(`${member.host.amt!.state.cira.servers[0]!.password}`)
  }
  expect(hashes.size).toBe(managed().length)
  const stats = (await test.call('GET', `${API}/mps/devices/stats`)).body
  expect(stats).toEqual({ totalCount: 48, connectedCount: 48, disconnectedCount: 0 })
  const host = (await test.call('GET', `/v1/projects/default/compute/hosts/${idOf(fleet.member(2))}`)).body
  expect(host).toMatchObject({
    amtSku: 'AMT_SKU_AMT',
    currentAmtState: 'AMT_STATE_PROVISIONED',
    amtControlMode: 'AMT_CONTROL_MODE_ACM',
    amtStatus: 'AMT Activation Done',
    amtStatusIndicator: 'STATUS_INDICATION_IDLE',
  })
})

it('says why a machine with ISM is not put into admin control', async () => {
  const member = fleet.member(MIX.vpro + 1)
  await order(member, { state: 'provisioned', mode: 'acm' })

  const says = await until(
    () => orderOf(member),
    intent => intent.status.includes('Standard Manageability') || intent.indicator === 'ERROR',
  )
  expect(says).toMatchObject({ status: expect.stringContaining('Standard Manageability'), indicator: 'ERROR' })
  expect(member.host.amt!.state.controlMode).toBe(1)
})

it('switches machines off and on, resets and cycles them, and reads back what became of it', async () => {
  const names = (from: number, to: number): string =>
    fleet.members
      .slice(from - 1, to)
      .map(member => member.host.facts.hostname)
      .join(' ')
  const boots = new Map(managed().map(member => [member.number, member.host.power.bootCount]))

  const down = await Promise.all([
    muster(`oob power ${names(1, 20)} off --wait -y --confirm-count 20`),
    muster(`oob power ${names(41, 44)} off --now --wait -y`),
    muster(`oob power ${names(21, 30)} reset --wait -y --confirm-count 10`),
    muster(`oob power ${names(31, 40)} cycle --now --wait -y --confirm-count 10`),
  ])

  for (const ended of down) expect(ended.code, ended.out + ended.err).toBe(0)
  const off = (member: Member<SimulatedAgent>) => member.number <= 20 || (member.number >= 41 && member.number <= 44)
  for (const member of managed().filter(off)) {
    expect(member.host.power.on, `${member.number}`).toBe(false)
    const { body } = await test.call('GET', `/v1/projects/default/compute/hosts/${idOf(member)}`)
    expect(body).toMatchObject({ currentPowerState: 'POWER_STATE_OFF', powerStatus: 'Powered off' })
    const state = await test.call('GET', `${API}/mps/amt/power/state/${guidOf(member)}`)
    expect(state.body, state.text).toEqual({ powerstate: 8, OSPowerSavingState: 0 })
  }
  for (const member of managed().filter(each => each.number > 20 && each.number <= 40))
    expect(member.host.power.bootCount, `${member.number}`).toBe(boots.get(member.number)! + 1)

  const up = await Promise.all([
    muster(`oob power ${names(1, 20)} on --wait -y --confirm-count 20`),
    muster(`oob power ${names(41, 44)} on --wait -y`),
  ])
  for (const ended of up) expect(ended.code, ended.out + ended.err).toBe(0)
  await until(
    async () => (await test.call('GET', '/v1/projects/default/compute/hosts/summary')).body.running,
    running => running === ALL,
    30_000,
  )
  for (const member of managed()) expect(member.host.power.on, `${member.number}`).toBe(true)
})

it('deactivates the fleet by one command and keeps nothing of it', async () => {
  const ended = await muster('oob deactivate -q online:true --reason move --wait -y --confirm-count 50')

  expect(ended.code, ended.out + ended.err).toBe(0)
  for (const member of managed()) expect(member.host.amt!.state.controlMode, `${member.number}`).toBe(0)
  expect((await test.call('GET', `${API}/mps/devices`)).body).toEqual([])
  for (const line of await statusLines()) expect(line).toMatchObject({ connected: false, status: 'AMT deactivated' })
})
