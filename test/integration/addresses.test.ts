// SPDX-License-Identifier: Apache-2.0
/** Two hosts with one address on one site: both say so, and neither does once one has gone. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { enrollWire, messageId, openWire, type WireSession } from '../support/wire-host.ts'

let test: TestController
let north: string
let south: string
beforeAll(async () => {
  test = await startTestController({ config: { modules: { onboarding: {}, inventory: {} } } })
})
afterAll(() => test.stop())

const project = '/v1/projects/default'
const siteNamed = async (name: string): Promise<string> =>
  (await test.call('POST', `${project}/sites`, { name })).body.resourceId
beforeEach(async () => {
  north = await siteNamed('north')
  south = await siteNamed('south')
})

const DUPLICATE = /^IPAddress duplication is unsupported: host-[0-9a-f]{8} has it too$/

type Machine = { host: string; session: WireSession; report(...addresses: string[]): Promise<void> }

async function machineAt(site: string): Promise<Machine> {
  const identity = await enrollWire(test, {}, await test.joinToken(1, { siteId: site }))
  const session = await openWire(test, identity)
  await session.birth()
  return {
    host: identity.host,
    session,
    report: async (...addresses) => {
      const id = messageId()
      await session.publish('reported/hardware', {
        id,
        revision: 0,
        status: 'settled',
        observed: observed(addresses),
        plugin: { name: 'hardware', version: '1.0.0' },
        at: new Date().toISOString(),
      })
      await session.next('/receipt')
    },
  }
}

/** `eth0=10.0.0.1`: the interface may be named. */
function observed(addresses: readonly string[]) {
  const nics = addresses.map(text => {
    const [deviceName = '', address = ''] = text.includes('=') ? text.split('=') : ['eth0', text]
    const family = address.includes(':') ? 'inet6' : 'inet'
    return {
      deviceName,
      linkState: 'up',
      virtual: deviceName !== 'eth0',
      addresses: [{ family, address, prefix: 24, scope: deviceName === 'lo' ? 'host' : 'global' }],
    }
  })
  return {
    ...{ system: {}, board: {}, chassis: {}, bios: {}, disks: [], usb: [], gpus: [], npus: [], nics },
    cpu: { architecture: 'x86_64', sockets: 1, cores: 4, threads: 8, capabilities: [] },
    memory: { totalBytes: 1, swapBytes: 0, modules: [] },
  }
}

const addressesOf = async (host: string): Promise<any[]> =>
  ((await test.call('GET', `${project}/compute/hosts/${host}`)).body.hostNics ?? []).flatMap(
    (nic: any) => nic.ipaddresses,
  )
const flagged = async (...machines: Machine[]) =>
  Promise.all(machines.map(async ({ host }) => (await addressesOf(host)).map(each => each.status.endsWith('_ERROR'))))

it('flags both hosts, and clears both when one changes its address', async () => {
  const [one, two] = [await machineAt(north), await machineAt(north)]
  await one.report('10.1.0.5')
  expect(await flagged(one)).toEqual([[false]])
  await two.report('10.1.0.5', '10.1.0.6')
  expect(await flagged(one, two)).toEqual([[true], [true, false]])
  const [shown] = await addressesOf(one.host)
  expect(shown).toMatchObject({ address: '10.1.0.5/24', status: 'IP_ADDRESS_STATUS_ERROR' })
  expect(shown.statusDetail).toMatch(DUPLICATE)
  expect(shown.statusDetail).toContain(two.host)
  await two.report('10.1.0.6')
  expect(await flagged(one, two)).toEqual([[false], [false]])
  await one.session.end()
  await two.session.end()
})

it('clears the other when one moves to another site, flags it there, and clears it when that one is deleted', async () => {
  const [one, two, far] = [await machineAt(north), await machineAt(north), await machineAt(south)]
  for (const each of [one, two, far]) await each.report('10.2.0.5')
  expect(await flagged(one, two, far)).toEqual([[true], [true], [false]])
  await test.call('PATCH', `${project}/compute/hosts/${two.host}`, { siteId: south })
  expect(await flagged(one, two, far)).toEqual([[false], [true], [true]])
  await test.call('DELETE', `${project}/compute/hosts/${two.host}`)
  expect(await flagged(one, far)).toEqual([[false], [false]])
  await test.call('PATCH', `${project}/compute/hosts/${one.host}`, { siteId: '' })
  await test.call('PATCH', `${project}/compute/hosts/${far.host}`, { siteId: '' })
  expect(await flagged(one, far)).toEqual([[false], [false]])
  for (const each of [one, far]) await each.session.end()
})

it('names a host that is left when a third one has the address too', async () => {
  const machines = [await machineAt(north), await machineAt(north), await machineAt(north)] as const
  for (const each of machines) await each.report('10.3.0.5')
  const [one, two, three] = machines
  expect(await flagged(...machines)).toEqual([[true], [true], [true]])
  await test.call('DELETE', `${project}/compute/hosts/${one.host}`)
  expect((await addressesOf(two.host))[0].statusDetail).toContain(three.host)
  for (const each of machines) await each.session.end()
})

it('leaves loopback, link-local and guests’ bridges alone', async () => {
  const [one, two] = [await machineAt(north), await machineAt(north)]
  for (const each of [one, two])
    await each.report(
      'lo=127.0.0.1',
      'eth0=169.254.7.7',
      'eth0=fe80::1',
      'docker0=172.17.0.1',
      'br-0123456789ab=172.18.0.1',
    )
  expect((await flagged(one, two)).flat()).not.toContain(true)
  for (const each of [one, two]) await each.session.end()
})

it('records what became of an address as events of either host', async () => {
  const [one, two] = [await machineAt(north), await machineAt(north)]
  await one.report('10.5.0.5')
  await two.report('10.5.0.5')
  await two.report()
  const told = async ({ host }: Machine) =>
    (await test.call('GET', `${project}/events?host=${host}&type=address`)).body.events
  expect((await told(one)).map((event: any) => [event.type, event.data])).toEqual([
    ['address.duplicated', { address: '10.5.0.5', with: two.host }],
    ['address.unique', { address: '10.5.0.5', with: two.host }],
  ])
  expect((await told(two)).map((event: any) => event.type)).toEqual(['address.duplicated'])
  for (const each of [one, two]) await each.session.end()
})
