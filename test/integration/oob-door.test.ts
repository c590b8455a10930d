// SPDX-License-Identifier: Apache-2.0
/** Out-of-band management as members of the host: what is set by PATCH, what is read back, in EIM's words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SimulatedAgent } from '../../simulator/crew.ts'
import type { Fleet, Member } from '../../simulator/fleet.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { startFleet } from '../support/fleet.ts'
import { fleetPfx, guidOf, oobHost, oobModules, SUFFIX } from '../support/oob-fleet.ts'

/** vPRO 1 to 4, ISM 5, nothing 6. */
const MIX = { vpro: 4, ism: 1, none: 1 }
const COUNT = 6
const HOSTS = '/v1/projects/default/compute/hosts'
const OOB = '/v1/projects/default/oob'

let test: TestController
let fleet: Fleet<SimulatedAgent>
/** Power codes that each firmware was asked for. */
const asked = new Map<number, number[]>()

const member = (number: number): Member<SimulatedAgent> => fleet.member(number)
const idOf = (number: number): string => member(number).enlisted!.id
const amt = (number: number) => member(number).host.amt!
const patch = (number: number, body: object) => test.call('PATCH', `${HOSTS}/${idOf(number)}`, body)
const hostOf = async (number: number) => (await test.call('GET', `${HOSTS}/${idOf(number)}`)).body
const becomes = (number: number, members: object, withinMs = 20_000) =>
  until(
    () => hostOf(number),
    host => Object.entries(members).every(([name, value]) => host[name] === value),
    withinMs,
  )
const ok = async (number: number, body: object) => {
  const answer = await patch(number, body)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

beforeAll(async () => {
  test = await startTestController({ config: { modules: oobModules() } })
  const each = oobHost(MIX)
  fleet = await startFleet({
    url: test.secureUrl,
    token: await test.joinToken(COUNT),
    count: COUNT,
    each: number => {
      asked.set(number, [])
      const wish = each(number)
      const journal = ({ what, body }: { what: string; body: string }): void => {
        const code = /<\w+:PowerState>(\d+)</.exec(body)?.[1]
        if (what.startsWith('RequestPowerStateChange')) asked.get(number)!.push(Number(code))
      }
      // All of one generation that takes little time.
      return {
        ...wish,
        ...(number <= MIX.vpro ? { model: 'line-controller' } : {}),
        engine: { ...wish.engine, journal },
      }
    },
  })
  const domain = await test.call('POST', `${OOB}/rps/domains`, {
    profileName: 'plant',
    domainSuffix: SUFFIX,
    provisioningCert: fleetPfx().pfx,
    provisioningCertPassword: fleetPfx().password,
    provisioningCertStorageFormat: 'string',
  })
  expect(domain.status, domain.text).toBe(201)
})
afterAll(async () => {
  await fleet?.stop()
  await test?.stop()
})

describe('the door to activation', () => {
  it('shows what each host has before anything is asked of it', async () => {
    await becomes(1, { amtSku: 'AMT_SKU_AMT', currentAmtState: 'AMT_STATE_UNPROVISIONED', amtStatus: 'Unprovisioned' })
    await becomes(5, { amtSku: 'AMT_SKU_ISM', currentAmtState: 'AMT_STATE_UNPROVISIONED' })
    await becomes(6, { amtSku: 'AMT_SKU_UNSPECIFIED', currentAmtState: 'AMT_STATE_UNSPECIFIED' })
    expect((await hostOf(6)).amtStatus).toBe('rpc found no AMT on this machine')
  })

  it('refuses power and sessions of a host that is not activated, and changes nothing', async () => {
    for (const body of [{ desiredPowerState: 'POWER_STATE_OFF' }, { desiredKvmState: 'KVM_STATE_START' }])
      expect(await patch(1, body)).toMatchObject({ status: 409, body: { code: 'amt-not-provisioned' } })
    expect((await hostOf(1)).desiredPowerState).toBeUndefined()
  })

  it('refuses words that are none, and a state that can only be seen', async () => {
    expect((await patch(1, { desiredAmtState: 'PROVISIONED' })).status).toBe(400)
    expect(await patch(1, { desiredAmtState: 'AMT_STATE_DISCONNECTED' })).toMatchObject({
      status: 400,
      body: { code: 'state-not-desirable' },
    })
  })

  it('activates in the mode that was asked for, with what happens in words', async () => {
    const before = await ok(1, { desiredAmtState: 'AMT_STATE_PROVISIONED', amtControlMode: 'AMT_CONTROL_MODE_ACM' })
    await ok(2, { desiredAmtState: 'AMT_STATE_PROVISIONED', amtControlMode: 'AMT_CONTROL_MODE_CCM' })
    await ok(3, { desiredAmtState: 'AMT_STATE_PROVISIONED' })
    await ok(5, { desiredAmtState: 'AMT_STATE_PROVISIONED' })
    await ok(6, { desiredAmtState: 'AMT_STATE_PROVISIONED' })

    expect(before).toMatchObject({
      desiredAmtState: 'AMT_STATE_PROVISIONED',
      amtStatusIndicator: 'STATUS_INDICATION_IN_PROGRESS',
    })
    for (const [number, mode] of [
      [1, 'ACM'],
      [2, 'CCM'],
      [3, 'ACM'],
      [5, 'CCM'],
    ] as const)
      await becomes(number, {
        currentAmtState: 'AMT_STATE_PROVISIONED',
        amtStatus: 'AMT Activation Done',
        amtStatusIndicator: 'STATUS_INDICATION_IDLE',
        amtControlMode: `AMT_CONTROL_MODE_${mode}`,
      })
    await becomes(6, {
      amtStatus: 'AMT is not available: rpc found no AMT on this machine',
      amtStatusIndicator: 'STATUS_INDICATION_ERROR',
    })
  })

  it('keeps the control mode of an activated host', async () => {
    expect(await patch(1, { amtControlMode: 'AMT_CONTROL_MODE_CCM' })).toMatchObject({
      status: 409,
      body: { code: 'control-mode-fixed' },
    })
    expect((await hostOf(1)).amtControlMode).toBe('AMT_CONTROL_MODE_ACM')
  })
})

/** Orders an act and follows its words to the end. */
async function carriesOut(number: number, [wish, progress, done, current]: readonly string[]): Promise<void> {
  const at = await ok(number, { desiredPowerState: `POWER_STATE_${wish}` })
  expect(at).toMatchObject({
    desiredPowerState: `POWER_STATE_${wish}`,
    powerStatus: progress,
    powerStatusIndicator: 'STATUS_INDICATION_IN_PROGRESS',
  })
  await becomes(number, {
    powerStatus: done!,
    powerStatusIndicator: 'STATUS_INDICATION_IDLE',
    currentPowerState: `POWER_STATE_${current}`,
  })
}

const ON = ['ON', 'Powering on', 'Powered on', 'ON'] as const
const OFF = ['OFF', 'Powering off', 'Powered off', 'OFF'] as const
const SLEEP = ['SLEEP', 'Sleeping', 'Sleep state', 'SLEEP'] as const
const HIBERNATE = ['HIBERNATE', 'Hibernating', 'Hibernate state', 'HIBERNATE'] as const
const CYCLE = ['POWER_CYCLE', 'Power cycling', 'Power cycle successful', 'ON'] as const
const RESET = ['RESET', 'Resetting', 'Reset successful', 'ON'] as const
const RESET_REPEAT = ['RESET_REPEAT', ...RESET.slice(1)] as const

// Each on a host of its own, side by side: every act takes the five seconds that firmware is given to follow.
describe.concurrent('the door to power', { timeout: 60_000 }, () => {
  it('asks the operating system first where the policy says so, and cycles', async () => {
    await ok(1, { powerCommandPolicy: 'POWER_COMMAND_POLICY_ORDERED' })
    for (const act of [OFF, ON, CYCLE]) await carriesOut(1, act)

    expect(asked.get(1)).toEqual([12, 2, 15])
  })

  it('does not ask it where the policy says so, and sleeps', async () => {
    const { powerCommandPolicy } = await ok(2, { powerCommandPolicy: 'POWER_COMMAND_POLICY_IMMEDIATE' })
    for (const act of [SLEEP, ON, OFF, ON]) await carriesOut(2, act)

    expect(powerCommandPolicy).toBe('POWER_COMMAND_POLICY_IMMEDIATE')
    expect(asked.get(2)).toEqual([4, 2, 8, 2])
  })

  it('hibernates, and resets again when it is asked again, under either name', async () => {
    for (const act of [HIBERNATE, ON]) await carriesOut(3, act)
    await until(async () => member(3).host.power.on, Boolean)
    const boots = member(3).host.power.bootCount
    for (const act of [RESET, RESET, RESET_REPEAT]) await carriesOut(3, act)

    await until(
      async () => member(3).host.power.bootCount,
      count => count === boots + 3,
    )
  })
})

describe('an order of power', () => {
  it('for a state that seems to be there is taken, and looks whether it is', async () => {
    await becomes(3, { currentPowerState: 'POWER_STATE_ON' })
    amt(3).power.press()
    expect(amt(3).state.power).toBe(8)
    await carriesOut(3, ON)

    expect(amt(3).state.power).toBe(2)
  })

  it('is not forgotten when something else is set', async () => {
    const before = await hostOf(1)
    await ok(1, { note: 'in hall 3' })
    await ok(1, { desiredAmtState: 'AMT_STATE_PROVISIONED' })
    const after = await hostOf(1)

    for (const name of ['powerStatus', 'powerStatusIndicator', 'powerStatusTimestamp', 'currentPowerState'])
      expect(after[name]).toBe(before[name])
    await becomes(1, { amtStatusIndicator: 'STATUS_INDICATION_IDLE' })
  })

  it('waits while the tunnel is away, says so, and is carried out when it is back', async () => {
    await ok(1, { desiredPowerState: 'POWER_STATE_OFF' })
    await becomes(1, { powerStatus: 'Powered off', currentPowerState: 'POWER_STATE_OFF' })
    amt(1).unplug()
    await becomes(1, { currentAmtState: 'AMT_STATE_DISCONNECTED' })

    await ok(1, { desiredPowerState: 'POWER_STATE_ON' })
    await becomes(1, {
      powerStatus: 'Device not found/connected',
      powerStatusIndicator: 'STATUS_INDICATION_IN_PROGRESS',
      currentPowerState: 'POWER_STATE_OFF',
    })
    expect(member(1).host.power.on).toBe(false)
    amt(1).plug()

    await becomes(1, {
      powerStatus: 'Powered on',
      powerStatusIndicator: 'STATUS_INDICATION_IDLE',
      currentPowerState: 'POWER_STATE_ON',
    })
    await until(async () => member(1).host.power.on, Boolean)
  })

  it('says when it needs a host that is on', async () => {
    await ok(2, { desiredPowerState: 'POWER_STATE_OFF' })
    await becomes(2, { powerStatus: 'Powered off' })
    await ok(2, { desiredPowerState: 'POWER_STATE_RESET' })

    await becomes(2, {
      powerStatus: 'Device must be powered on first',
      powerStatusIndicator: 'STATUS_INDICATION_ERROR',
    })
    await ok(2, { desiredPowerState: 'POWER_STATE_ON' })
    await becomes(2, { powerStatus: 'Powered on' })
  })
})

describe('the door to sessions', () => {
  it('starts KVM in admin control once the caller has its relay token, and stops it', async () => {
    await ok(3, { desiredKvmState: 'KVM_STATE_START' })
    await becomes(3, { desiredKvmState: 'KVM_STATE_START', currentKvmState: 'KVM_STATE_AWAITING_CONSENT' })
    const token = await test.call('GET', `${OOB}/mps/authorize/redirection/${guidOf(member(3))}`)
    expect(token).toMatchObject({ status: 200, body: { token: expect.any(String) } })

    await ok(3, { desiredKvmState: 'KVM_REDIRECTION_RECEIVED' })
    await becomes(3, {
      currentKvmState: 'KVM_STATE_START',
      kvmStatus: 'KVM_STATUS_ACTIVATED',
      kvmSessionStatus: 'KVM session active',
    })
    await ok(3, { desiredKvmState: 'KVM_STATE_STOP' })
    await becomes(3, { currentKvmState: 'KVM_STATE_STOP', kvmStatus: 'KVM_STATUS_DEACTIVATED' })
  })

  it('has the code shown in client control, and goes on when it was entered', async () => {
    await ok(2, { desiredKvmState: 'KVM_STATE_START' })
    await becomes(2, { currentKvmState: 'KVM_STATE_AWAITING_CONSENT' })
    const code = await until(
      async () => amt(2).screen.consentCode(),
      shown => shown !== undefined,
    )
    const sent = await test.call('POST', `${OOB}/mps/amt/userConsentCode/${guidOf(member(2))}`, { consentCode: code })
    expect(sent.status, sent.text).toBe(200)

    await ok(2, { desiredKvmState: 'KVM_CONSENT_RECEIVED' })
    await becomes(2, { currentKvmState: 'KVM_STATE_AWAITING_CONSENT', kvmStatus: 'KVM_STATUS_DEACTIVATED' })
    await ok(2, { desiredKvmState: 'KVM_REDIRECTION_RECEIVED' })
    await becomes(2, { currentKvmState: 'KVM_STATE_START', kvmStatus: 'KVM_STATUS_ACTIVATED' })
  })

  it('says that ISM has no KVM, and has its SOL', async () => {
    await ok(5, { desiredKvmState: 'KVM_STATE_START', desiredSolState: 'SOL_STATE_START' })

    await becomes(5, { currentKvmState: 'KVM_STATE_ERROR', kvmSessionStatus: 'this device has no KVM' })
    await becomes(5, { currentSolState: 'SOL_STATE_AWAITING_CONSENT' })
  })
})

describe('the door of MPS', () => {
  it('takes a machine out of management, and what was ordered before does not bring it back', async () => {
    await ok(4, { desiredAmtState: 'AMT_STATE_PROVISIONED' })
    await becomes(4, { amtStatus: 'AMT Activation Done' })
    const answer = await test.call('DELETE', `${OOB}/mps/amt/deactivate/${guidOf(member(4))}`)
    expect(answer.status, answer.text).toBe(200)

    await becomes(4, { desiredAmtState: 'AMT_STATE_UNSPECIFIED', currentAmtState: 'AMT_STATE_UNPROVISIONED' })
    const { body } = await test.call('GET', `${HOSTS}/${idOf(4)}/sections/amt/desired`)
    expect(body.content).toEqual({})
    expect(amt(4).state.controlMode).toBe(0)
  })
})

describe('what happens below', () => {
  const refresh = async (number: number) => {
    const command = { section: 'amt', name: 'refresh', reason: 'test' }
    expect((await test.call('POST', `${HOSTS}/${idOf(number)}/commands`, command)).status).toBe(202)
  }

  it('shows when an activated host was taken back in its setup menu, and that this is not what was ordered', async () => {
    // Client control can be given up from the host itself.
    expect(amt(5).mei.unprovision()).toBe(0)
    await refresh(5)

    await becomes(5, { currentAmtState: 'AMT_STATE_UNPROVISIONED', desiredAmtState: 'AMT_STATE_PROVISIONED' })
    expect((await hostOf(5)).amtStatusIndicator).toBe('STATUS_INDICATION_IN_PROGRESS')
  })

  it('deactivates over the tunnel also when the agent is dead, and does not wait for it', async () => {
    member(3).machine.agent?.kill()
    await ok(3, { desiredAmtState: 'AMT_STATE_UNPROVISIONED' })

    await becomes(3, { amtStatus: 'AMT deactivated', amtStatusIndicator: 'STATUS_INDICATION_IDLE' })
    expect(amt(3).state.controlMode).toBe(0)
    expect((await test.call('GET', `${OOB}/mps/devices/${guidOf(member(3))}`)).status).toBe(404)
  })

  it('deactivates through the agent when the tunnel is away', async () => {
    amt(2).unplug()
    await becomes(2, { currentAmtState: 'AMT_STATE_DISCONNECTED' })
    await ok(2, { desiredAmtState: 'AMT_STATE_UNPROVISIONED' })

    await becomes(2, {
      amtStatus: 'AMT deactivated',
      amtStatusIndicator: 'STATUS_INDICATION_IDLE',
      currentAmtState: 'AMT_STATE_UNPROVISIONED',
    })
    expect(amt(2).state.controlMode).toBe(0)
  })
})
