// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../agent/log.ts'
import { createClock } from '../../agent/system/clock.ts'
import { systemRandom } from '../../agent/system/random.ts'
import { allPlugins, createCrew, type SimulatedAgent } from '../../simulator/crew.ts'
import { createFleet, type Fleet, type Member } from '../../simulator/fleet.ts'
import { startTestController, type TestController } from '../support/controller.ts'

const COUNT = 5

let test: TestController
let fleet: Fleet<SimulatedAgent>

beforeAll(async () => {
  test = await startTestController()
  const crew = createCrew({
    url: test.secureUrl,
    token: await test.joinToken(COUNT),
    plugins: await allPlugins(),
    log: silentLog(),
    version: '0.0.0-test',
    config: { startJitterMs: 0 },
  })
  fleet = createFleet({
    count: COUNT,
    seed: 'controller',
    crew,
    clock: createClock(),
    random: systemRandom,
    log: silentLog(),
  })
  await fleet.start(() => undefined, new AbortController().signal)
})

afterAll(async () => {
  await fleet.stop()
  await test.stop()
})

const idOf = ({ enlisted }: Member<SimulatedAgent>): string => enlisted?.id ?? ''
const isOnline = (host: { presence: { online: boolean } }): boolean => host.presence.online

describe('real agents on simulated hosts at a real controller', () => {
  it('are enrolled, online and marked as simulated', async () => {
    for (const member of fleet.members) {
      const host = await test.until(idOf(member), isOnline)

      expect(host.simulated).toBe(true)
    }
  })

  it('report the machine they were drawn as', async () => {
    const member = fleet.member(1)
    const { facts } = member.host

    const host = await test.until(idOf(member), each => each.cpuModel !== undefined && each.hostname !== undefined)

    expect(host).toMatchObject({
      cpuModel: facts.model.cpu.name,
      productName: facts.model.product,
      serialNumber: facts.serial,
      uuid: facts.uuid,
      hostname: facts.hostname,
    })
  })

  it('go offline when the link is cut and come back when it is restored', async () => {
    const member = fleet.member(2)

    member.host.faults.cut()
    await test.until(idOf(member), host => !isOnline(host))

    member.host.faults.restore()
    await test.until(idOf(member), isOnline, 20_000)
  })

  it('come back in another boot after the plug was pulled', async () => {
    const member = fleet.member(3)
    const before = await test.until(idOf(member), isOnline)

    member.host.faults.powerCut(200)

    const after = await test.until(
      idOf(member),
      host => isOnline(host) && host.presence.bootId !== before.presence.bootId,
      20_000,
    )
    expect(after.presence.bootId).toBe(member.host.power.bootId)
    expect(after.presence.standing).toBe('active')
  })

  it('are quarantined when one is cloned', async () => {
    const member = fleet.member(4)

    await fleet.clone(4)

    await test.until(idOf(member), host => host.presence.standing === 'quarantined', 25_000)
  })
})
