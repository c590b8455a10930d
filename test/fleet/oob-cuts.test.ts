// SPDX-License-Identifier: Apache-2.0
/** Links cut, agents killed and controllers killed in the middle of it: firmware ends well, and no password is lost. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SimulatedAgent } from '../../simulator/crew.ts'
import type { Fleet, Member } from '../../simulator/fleet.ts'
import { until } from '../support/controller.ts'
import { startFleet } from '../support/fleet.ts'
import { fleetPfx, guidOf, kindAt, oobHost, SUFFIX } from '../support/oob-fleet.ts'
import { type ControllerProcess, controllerProcess } from '../support/process.ts'

/** `MUSTER_SWEEP=1` cuts at every message instead of at some. */
const IS_WIDE = process.env.MUSTER_SWEEP !== undefined
/** Messages of the server in the longest activation. */
const MESSAGES = 116
const STEP = IS_WIDE ? 1 : 6
const MIX = { vpro: Math.ceil(MESSAGES / STEP), ism: 10, none: 0 }
const COUNT = MIX.vpro + MIX.ism
const API = '/v1/projects/default/oob'
const LIMIT = IS_WIDE ? 1_800_000 : 180_000

let controller: ControllerProcess
let fleet: Fleet<SimulatedAgent>
/** What happens at a message that the firmware of a host takes. */
const hooks = new Map<number, (what: string) => void>()

beforeAll(async () => {
  controller = await controllerProcess()
  const each = oobHost(MIX)
  fleet = await startFleet({
    url: controller.secureUrl,
    token: await controller.joinToken(COUNT),
    count: COUNT,
    each: number => {
      const wish = each(number)
      return { ...wish, engine: { ...wish.engine, journal: entry => hooks.get(number)?.(entry.what) } }
    },
  })
  const domain = await controller.call('POST', `${API}/rps/domains`, {
    profileName: 'plant',
    domainSuffix: SUFFIX,
    provisioningCert: fleetPfx().pfx,
    provisioningCertPassword: fleetPfx().password,
    provisioningCertStorageFormat: 'string',
  })
  expect(domain.status, domain.text).toBe(201)
  await until(
    async () => (await controller.call('GET', `${API}/summary`)).body,
    counts => counts.amt + counts.ism === COUNT,
    60_000,
  )
}, LIMIT)
afterAll(async () => {
  await fleet?.stop()
  await controller?.remove()
})

const idOf = (member: Member<SimulatedAgent>): string => member.enlisted!.id
const stateOf = (member: Member<SimulatedAgent>) => member.host.amt!.state
const writesOf = (member: Member<SimulatedAgent>) => stateOf(member).counters.activationWrites
const isNew = (member: Member<SimulatedAgent>) => Number.parseInt(member.host.amt!.mei.version, 10) >= 19

async function order(member: Member<SimulatedAgent>, state: 'provisioned' | 'unprovisioned'): Promise<void> {
  const answer = await controller.call('POST', `${API}/hosts/${idOf(member)}/activation`, { state })
  expect(answer.status, answer.text).toBe(202)
}

const settled = (member: Member<SimulatedAgent>) =>
  until(
    async () => (await controller.call('GET', `${API}/hosts/${idOf(member)}/activation`)).body,
    intent => intent.indicator === 'IDLE',
    60_000,
  )

const attempts = async (member: Member<SimulatedAgent>): Promise<any[]> =>
  (await controller.call('GET', `${API}/activations?guid=${guidOf(member)}`).catch(() => undefined))?.body
    ?.activations ?? []

/** The first try of each machine is over, well or badly. */
const oneTryOver = (member: Member<SimulatedAgent>) =>
  until(
    () => attempts(member),
    list => list.some(each => each.verb === 'activate' && each.outcome !== 'running'),
    40_000,
  )

/** The controller still gets in, over the machine's own tunnel. */
async function knowsPassword(member: Member<SimulatedAgent>): Promise<void> {
  const answer = await until(
    () => controller.call('GET', `${API}/mps/amt/generalSettings/${guidOf(member)}`),
    ({ status }) => status === 200,
    30_000,
  )
  expect(answer.body.Body.DigestRealm).toBe(stateOf(member).realm)
}

async function isWell(member: Member<SimulatedAgent>, about: string): Promise<void> {
  await settled(member)
  const state = stateOf(member)
  expect(state.controlMode, about).toBe(kindAt(MIX, member.number) === 'vpro' ? 2 : 1)
  expect(state.cira.servers.length, about).toBe(1)
  expect(state.cira.rules.length, about).toBeGreaterThan(0)
  expect(state.tls.pending, about).toBeUndefined()
  await knowsPassword(member)
}

async function takenDown(members: readonly Member<SimulatedAgent>[]): Promise<void> {
  for (const member of members) await order(member, 'unprovisioned')
  for (const member of members) {
    await settled(member)
    expect(stateOf(member).controlMode, `${member.number}`).toBe(0)
  }
  const left = await until(
    async () => (await controller.call('GET', `${API}/mps/devices?$top=1000`)).body as { guid: string }[],
    list => members.every(member => !list.some(each => each.guid === guidOf(member))),
  )
  expect(left.map(each => each.guid)).not.toContain(guidOf(members[0]!))
}

const FAULTS = ['cut before', 'cut after', 'kill before', 'kill after', 'power', 'agent'] as const

/** Lets something go wrong at the n-th message of the coming activation. */
function spoil(member: Member<SimulatedAgent>, n: number): string {
  const fault = FAULTS[n % FAULTS.length]!
  const { host, machine } = member
  const [what, when] = fault.split(' ') as ['cut' | 'kill', 'before' | 'after']
  if (fault !== 'power' && fault !== 'agent') host.faults.rpc[what](n, when)
  else {
    // Requests that logged in are fewer than messages: challenges are not counted.
    let left = Math.max(1, Math.floor(n / 1.2))
    hooks.set(member.number, () => {
      if (--left > 0) return
      hooks.delete(member.number)
      if (fault === 'agent') machine.agent?.kill()
      setImmediate(() => host.faults.powerCut(fault === 'agent' ? 1_500 : 200))
    })
  }
  return `${fault} at ${n}, machine ${member.number}`
}

it(
  'an activation that loses its link, its agent or its power is finished by the next order',
  async () => {
    const placeOf = (member: Member<SimulatedAgent>): number => {
      const n = ((member.number * STEP - (STEP - 1)) % MESSAGES) + 1
      // New firmware takes its time; late cuts are for those who have it.
      return isNew(member) && !IS_WIDE ? (n % 30) + 1 : n
    }
    const about = new Map(fleet.members.map(member => [member, spoil(member, placeOf(member))]))

    for (const member of fleet.members) await order(member, 'provisioned')
    await Promise.all(fleet.members.map(oneTryOver))
    for (const member of fleet.members) {
      member.host.faults.rpc.clear()
      hooks.delete(member.number)
      expect([0, 1, 2], about.get(member)).toContain(stateOf(member).controlMode)
      // Admin control of new firmware is two writes, and one more only where one of them was in doubt.
      expect(writesOf(member), about.get(member)).toBeLessThanOrEqual(isNew(member) ? 2 : 1)
      await order(member, 'provisioned')
    }

    await Promise.all(fleet.members.map(member => isWell(member, about.get(member)!)))
    for (const member of fleet.members) expect(writesOf(member), about.get(member)).toBe(isNew(member) ? 2 : 1)
  },
  LIMIT,
)

it(
  'a change of the password that is cut leaves one that the controller knows, also when it is killed',
  async () => {
    const members = fleet.members.slice(0, 12)
    const change = (member: Member<SimulatedAgent>) =>
      controller.call('POST', `${API}/mps/amt/password/${guidOf(member)}`, {}).catch(() => undefined)
    const before = new Map(members.map(member => [member, stateOf(member).adminHash]))
    let seen = 0
    for (const [index, member] of members.entries()) {
      const { faults } = member.host.amt!
      if (index < 6) faults.cut(faults.messages + 1 + (index % 3), index < 3 ? 'before' : 'after')
      else
        hooks.set(member.number, what => {
          if (what.startsWith('SetAdminAclEntryEx')) seen++
        })
    }

    const changing = Promise.all(members.map(change))
    await until(
      async () => seen,
      count => count > 0,
      10_000,
    )
    await controller.kill('SIGKILL')
    await changing
    await controller.start()

    hooks.clear()
    await Promise.all(members.map(knowsPassword))
    // Once more, and nothing in the way: each has another password than before, and it is the active one.
    for (const member of members) {
      await until(
        () => change(member),
        answer => answer?.status === 200,
      )
      expect(stateOf(member).adminHash).not.toBe(before.get(member))
      await knowsPassword(member)
    }
  },
  LIMIT,
)

it(
  'a deactivation that is cut, or whose controller is killed, ends with nothing left',
  async () => {
    const members = fleet.members
    let seen = 0
    for (const member of members) {
      const { faults } = member.host.amt!
      const n = member.number
      if (n % 4 === 1) faults.cut(faults.messages + 1, 'before')
      if (n % 4 === 2) faults.cut(faults.messages + 1, 'after')
      // A reply that never comes takes a minute to be given up.
      if (n % 4 === 3 && IS_WIDE) faults.loseReply(faults.messages + 1)
      if (n % 4 === 3 && !IS_WIDE) faults.cut(faults.messages + 1, 'reply')
      hooks.set(n, what => {
        if (what.startsWith('Unprovision')) seen++
      })
    }
    const ordering = Promise.allSettled(members.map(member => order(member, 'unprovisioned')))
    await until(
      async () => seen,
      count => count >= 3,
      10_000,
    )
    await controller.kill('SIGKILL')
    await ordering
    hooks.clear()
    await controller.start()

    for (const member of members) expect([0, 1, 2]).toContain(stateOf(member).controlMode)
    await takenDown(members)
  },
  LIMIT,
)

it(
  'a controller that is killed in the middle of many activations goes on with them, and writes nothing twice',
  async () => {
    // New firmware takes half a minute, which is too long for three lives of a controller.
    const members = fleet.members.filter(member => IS_WIDE || !isNew(member))
    const before = new Map(members.map(member => [member, writesOf(member)]))
    const orderAll = () => Promise.all(members.map(member => order(member, 'provisioned')))
    const killAndReturn = async (): Promise<void> => {
      await controller.kill('SIGKILL')
      await controller.start()
      await until(
        async () => members.every(({ machine }) => machine.agent?.status().link.phase === 'online'),
        Boolean,
        60_000,
      )
    }
    await orderAll()
    await until(async () => members.some(member => writesOf(member) > before.get(member)!), Boolean, 30_000)
    if (IS_WIDE) {
      // Agents wait longer from loss to loss, so that this takes minutes.
      await killAndReturn()
      await orderAll()
    }
    // Some set up their tunnels, others are on their way to control.
    await until(async () => members.some(member => stateOf(member).cira.servers.length > 0), Boolean, 30_000)
    await killAndReturn()
    await orderAll()

    await Promise.all(members.map(member => isWell(member, `machine ${member.number}`)))
    for (const member of members)
      expect(writesOf(member) - before.get(member)!, `${member.number}`).toBeLessThanOrEqual(isNew(member) ? 2 : 1)
    const hashes = new Set(members.map(member => createHash('sha1').update(stateOf(member).adminHash!).digest('hex')))
    expect(hashes.size).toBe(members.length)
  },
  LIMIT,
)
