// SPDX-License-Identifier: Apache-2.0
/** EIM's command line and AMT: activation, power and sessions of hosts with simulated firmware. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { SimulatedAgent } from '../../simulator/crew.ts'
import type { Fleet } from '../../simulator/fleet.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { type EimCli, type EimProject, eimCli } from '../support/eim-cli.ts'
import { getHost, setHost } from '../support/eim-cli-hosts.ts'
import { AMT_DOMAINS } from '../support/eim-cli-resources.ts'
import { relayOf, startSession } from '../support/eim-cli-sessions.ts'
import { startFleet } from '../support/fleet.ts'
import { fleetPfx, guidOf, oobHost, oobModules, SUFFIX } from '../support/oob-fleet.ts'
import { addPerson, bind, PASSWORD } from '../support/people.ts'

/** The first in admin control mode, the second in client control mode. */
const COUNT = 2

let controller: TestController
let fleet: Fleet<SimulatedAgent>
let cli: EimCli
let at: EimProject
const idOf = (number: number): string => fleet.member(number).enlisted!.id
const becomes = (number: number, members: object) =>
  until(
    () => getHost(at, idOf(number)),
    host => Object.entries(members).every(([name, value]) => host[name] === value),
    20_000,
  )
const code = (number: number) => async (): Promise<string> =>
  (await until(
    async () => fleet.member(number).host.amt!.screen.consentCode(),
    shown => shown !== undefined,
  ))!

beforeAll(async () => {
  const access = { signIn: { perMinute: 20, hashMiB: 19 }, keycloak: {} }
  controller = await startTestController({ config: { modules: { ...oobModules(), access } } })
  await bind(controller, await addPerson(controller, 'ada'), 'admin')
  cli = eimCli({ api: controller.secureUrl, ca: controller.controller.root })
  await cli.login('ada', PASSWORD, `${controller.secureUrl}/realms/master`)
  at = await cli.inProject('default')
  const each = oobHost({ vpro: COUNT, ism: 0, none: 0 })
  fleet = await startFleet({
    url: controller.secureUrl,
    token: await controller.joinToken(COUNT),
    count: COUNT,
    each: number => ({ ...each(number), model: 'line-controller' }),
  })
  await at.send('POST', AMT_DOMAINS, {
    body: {
      domainSuffix: SUFFIX,
      profileName: 'plant',
      provisioningCert: fleetPfx().pfx,
      provisioningCertPassword: fleetPfx().password,
      provisioningCertStorageFormat: 'string',
    },
  })
  await becomes(1, { amtSku: 'AMT_SKU_AMT' })
  await becomes(2, { amtSku: 'AMT_SKU_AMT' })
}, 60_000)
afterAll(async () => {
  await fleet?.stop()
  await controller?.stop()
})

it('activates in the mode that was asked for, then orders power', async () => {
  const wish = { desiredAmtState: 'AMT_STATE_PROVISIONED' }
  await setHost(at, idOf(1), { ...wish, amtControlMode: 'AMT_CONTROL_MODE_ACM' })
  await setHost(at, idOf(2), { ...wish, amtControlMode: 'AMT_CONTROL_MODE_CCM' })
  await becomes(1, { currentAmtState: 'AMT_STATE_PROVISIONED', amtControlMode: 'AMT_CONTROL_MODE_ACM' })
  await becomes(2, { currentAmtState: 'AMT_STATE_PROVISIONED', amtControlMode: 'AMT_CONTROL_MODE_CCM' })

  await setHost(at, idOf(2), { powerCommandPolicy: 'POWER_COMMAND_POLICY_IMMEDIATE' })
  await setHost(at, idOf(2), { desiredPowerState: 'POWER_STATE_RESET' })
  expect(await getHost(at, idOf(2))).toMatchObject({
    desiredPowerState: 'POWER_STATE_RESET',
    powerCommandPolicy: 'POWER_COMMAND_POLICY_IMMEDIATE',
  })
  await becomes(2, { currentPowerState: 'POWER_STATE_ON' })
}, 60_000)

describe('a session', () => {
  it.each([
    ['kvm', 1, '/dm'],
    ['sol', 1, '/oob'],
    ['kvm', 2, '/oob'],
  ] as const)(
    '%s of host %i begins by way of %s, and its viewer gets to the relay',
    async (type, number, mps) => {
      const id = idOf(number)
      const { name } = await getHost(at, id)
      const token = await startSession(at, id, { type, mps, code: code(number) })

      const relay = await relayOf(cli, { token, guid: guidOf(fleet.member(number)), mode: type })
      const url = `${controller.secureUrl.replace('https', 'wss')}${relay.path}`
      const socket = new WebSocket(url, [relay.protocol], { headers: relay.headers, ca: controller.controller.root })
      const told = await new Promise<string>(resolve => {
        socket.on('open', () => resolve('open'))
        socket.on('unexpected-response', (_, { statusCode }) => resolve(`refused with ${statusCode}`))
        socket.on('error', error => resolve(error.message))
      })
      socket.close()

      expect(told).toBe('open')
      const stop = type === 'kvm' ? { desiredKvmState: 'KVM_STATE_STOP' } : { desiredSolState: 'SOL_STATE_STOP' }
      await setHost(at, id, stop)
      const stopped = type === 'kvm' ? { currentKvmState: 'KVM_STATE_STOP' } : { currentSolState: 'SOL_STATE_STOP' }
      expect(await becomes(number, stopped)).toMatchObject({ name })
    },
    60_000,
  )
})

it('finds devices where its gateway has them, and forgets a profile', async () => {
  const guid = guidOf(fleet.member(1))
  expect(await at.send('GET', `/dm/devices/${guid}`)).toMatchObject({ guid })
  expect((await at.send('GET', `/dm/amt/generalSettings/${guid}`)).Body).toEqual(expect.any(Object))
  expect(await at.send('GET', `${AMT_DOMAINS}/plant`)).toMatchObject({ profileName: 'plant' })
})
