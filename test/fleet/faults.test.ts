// SPDX-License-Identifier: Apache-2.0
/** What happens to hosts in the field: killed, cut off, copied, asleep, out of time, out of disk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedAgent } from '../../simulator/crew.ts'
import type { Fleet, Member } from '../../simulator/fleet.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { startFleet } from '../support/fleet.ts'

let test: TestController
let fleet: Fleet<SimulatedAgent>
beforeAll(async () => {
  test = await startTestController()
  fleet = await startFleet({ url: test.secureUrl, token: await test.joinToken(8), count: 8 })
})
afterAll(async () => {
  await fleet?.stop()
  await test?.stop()
})

const hosts = '/v1/projects/default/compute/hosts'
const idOf = (member: Member<SimulatedAgent>): string => member.enlisted!.id
const online = (member: Member<SimulatedAgent>) =>
  test.until(idOf(member), host => host.presence?.online === true, 20_000)
const offline = (member: Member<SimulatedAgent>) =>
  test.until(idOf(member), host => host.presence?.online === false, 45_000)
const reboot = (member: Member<SimulatedAgent>, more: object = {}) =>
  test.call('POST', `${hosts}/${idOf(member)}/commands`, { section: 'power', name: 'reboot', reason: 'test', ...more })
const ended = (id: string) =>
  until(
    async () => (await test.call('GET', `/v1/projects/default/commands/${id}?waitMs=5000`)).body,
    each => each.state !== 'queued' && each.state !== 'sent',
    40_000,
  )

describe('a simulated host', () => {
  it('is marked as simulated and shows the hardware of its model', async () => {
    const member = fleet.member(1)
    const host = await test.until(idOf(member), each => each.cpuModel !== undefined && each.amtStatus !== undefined)
    expect(host).toMatchObject({
      simulated: true,
      serialNumber: expect.any(String),
      uuid: expect.any(String),
      hostNics: expect.any(Array),
    })
    expect(host.hostStorages.length).toBeGreaterThan(0)
  })

  it('is offline at once when its agent is killed, and online again when it is started', async () => {
    const member = fleet.member(2)
    await online(member)
    const began = performance.now()
    member.machine.agent?.kill()
    await offline(member)
    expect(performance.now() - began).toBeLessThan(45_000)
    const again = performance.now()
    member.host.faults.powerCut(50)
    await online(member)
    expect(performance.now() - again).toBeLessThan(5_000)
  })

  it('restarts by command: the outcome is read back from another boot', async () => {
    const member = fleet.member(3)
    const { presence } = await online(member)
    const { body } = await reboot(member)
    const done = await ended(body.id)

    expect(done).toMatchObject({ state: 'succeeded', output: { bootId: expect.any(String) } })
    expect(done.output.bootId).not.toBe(presence.bootId)
    expect((await online(member)).presence.bootId).toBe(done.output.bootId)
  })

  it('that is cut off gets its command on return, and never one whose deadline has passed', async () => {
    const member = fleet.member(4)
    const { presence } = await online(member)
    member.host.faults.cut()
    await offline(member)
    const late = await reboot(member, { expiresInMs: 1_000 })
    expect((await ended(late.body.id)).state).toBe('expired')
    const waiting = await reboot(member, { expiresInMs: 120_000 })
    expect((await test.call('GET', `/v1/projects/default/commands/${waiting.body.id}`)).body.state).toBe('queued')
    member.host.faults.restore()
    const done = await ended(waiting.body.id)
    expect(done.state).toBe('succeeded')
    expect(done.output.bootId).not.toBe(presence.bootId)
  })

  it('that is copied is quarantined, the copy and the original alike', async () => {
    const member = fleet.member(5)
    await online(member)
    const before = (await online(member)).presence.bootId
    const copy = await fleet.clone(5)
    // Both go on living: whoever comes second presents a ticket that the other has used up.
    member.host.faults.powerCut(50)
    await test.until(idOf(member), each => each.presence.bootId !== before, 20_000)
    const host = await test.until(idOf(member), each => each.presence.standing === 'quarantined', 40_000)
    expect(host.presence.standingWhy).toMatch(/copy|machines/)
    await copy.machine.stop()
    const refused = await test.call('GET', `/v1/projects/default/commands?host=${idOf(member)}`)
    expect(refused.status).toBe(200)
    const released = await test.call('PUT', `${hosts}/${idOf(member)}/release`, { note: 'the copy is gone' })
    expect(released.status).toBe(200)
    // By now it has learned to wait up to a minute between attempts.
    await test.until(idOf(member), each => each.presence.standing === 'active' && each.presence.online, 80_000)
  })

  it('whose clock is wrong by years still works, and its skew shows', async () => {
    const member = fleet.member(6)
    await online(member)
    member.host.faults.jumpClock(40 * 365 * 86_400_000)
    const { body } = await test.call('POST', `${hosts}/${idOf(member)}/commands`, {
      section: 'hardware',
      name: 'refresh',
    })
    expect((await ended(body.id)).state).toBe('succeeded')
  })

  it.each([
    ['forty years ahead', 40],
    ['forty years behind', -40],
  ])('that starts with a clock %s finds its way back', async (_, years) => {
    const member = fleet.member(8)
    const before = (await online(member)).presence.bootId
    member.host.faults.jumpClock(years * 365 * 86_400_000)
    member.host.faults.powerCut(50)
    await test.until(idOf(member), each => each.presence.online && each.presence.bootId !== before, 40_000)
    member.host.faults.jumpClock(-years * 365 * 86_400_000)
  })

  it('converges to its document without its controller', async () => {
    const member = fleet.member(7)
    await online(member)
    await test.call('PUT', `${hosts}/${idOf(member)}/sections/os/desired`, { content: { hostname: 'hall-7' } })
    await until(
      async () => (await test.call('GET', `${hosts}/${idOf(member)}/sections/os/reported`)).body,
      each => each.revision === 1 && each.status === 'settled',
    )
    expect(member.host.hostname()).toBe('hall-7')
    member.host.faults.cut()
    await offline(member)
    // Somebody at the machine changes it while nobody is there to tell.
    await member.host.system.files.replace('/etc/hostname', 'stray\n')
    member.host.faults.powerCut(50)
    await until(
      async () => member.host.hostname(),
      name => name === 'hall-7',
      40_000,
    )
    member.host.faults.restore()
    await online(member)
  })
})
