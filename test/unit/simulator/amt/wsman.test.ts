// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { passwordHash } from '../../../../simulator/amt/digest.ts'
import { createAmtFaults } from '../../../../simulator/amt/faults.ts'
import { TestConsole } from './console.ts'
import { activated, factoryNew, PASSWORD } from './machines.ts'

describe('a factory-new machine', () => {
  it('answers the local account with its general settings', async () => {
    const { console, machine } = factoryNew()

    const { body, text } = await console.say(console.amt.GeneralSettings.Get())

    expect(body.AMT_GeneralSettings.DigestRealm).toBe(machine.state.realm)
    expect(machine.state.realm).toMatch(/^Digest:[\dA-F]{32}$/)
    expect(text).toContain('<b:RelatesTo>0</b:RelatesTo>')
  })

  it('is put into client control by the hash of the new password', async () => {
    const { console, machine } = factoryNew()
    await console.say(console.amt.GeneralSettings.Get())
    const hash = passwordHash('admin', console.realm, PASSWORD)

    const setup = await console.say(console.ips.HostBasedSetupService.Setup(2, hash))

    expect(setup.body.Setup_OUTPUT.ReturnValue).toBe('0')
    expect(machine.mei.controlMode()).toBe(1)
    const admin = new TestConsole(() => machine.lms(16992), 'admin', PASSWORD)
    const { body } = await admin.say(admin.amt.SetupAndConfigurationService.Get())
    expect(body.AMT_SetupAndConfigurationService).toMatchObject({ ProvisioningMode: '4', ProvisioningState: '2' })
  })

  it('refuses a second setup and counts it', async () => {
    const { console, machine } = factoryNew()
    const setup = console.ips.HostBasedSetupService.Setup(2, 'a'.repeat(32))
    await console.say(setup)

    const again = await console.say(setup)

    expect(again.body.Setup_OUTPUT.ReturnValue).toBe('32')
    expect(machine.state.counters.activationWrites).toBe(2)
  })

  it('knows no admin', async () => {
    const { machine } = factoryNew()
    const admin = new TestConsole(() => machine.lms(16992), 'admin', 'admin')

    const { status, head, text } = await admin.say(admin.amt.GeneralSettings.Get())

    expect(status).toBe(401)
    expect(head).toContain('Content-Type: text/html')
    expect(text).toContain('<html>')
  })
})

describe('digest authentication', () => {
  it('challenges once for many calls', async () => {
    const { console } = activated(2)

    for (let call = 0; call < 10; call++) await console.say(console.amt.GeneralSettings.Get())

    expect(console.challenges).toBe(1)
  })

  it('rotates the nonce and says that the old one is stale', async () => {
    const { console } = activated(2, { nonceLife: 3 })

    const statuses = []
    for (let call = 0; call < 7; call++) statuses.push((await console.say(console.amt.GeneralSettings.Get())).status)

    expect(statuses).toEqual(Array(7).fill(200))
    expect(console.challenges).toBe(3)
  })

  it('does not let the local account in from the network', async () => {
    const { machine } = activated(2)
    const { username, password } = machine.mei.localSystemAccount()
    const outside = new TestConsole(() => machine.lan(16992), username, password)

    expect((await outside.say(outside.amt.GeneralSettings.Get())).status).toBe(401)
  })
})

describe('faults', () => {
  it('cuts before a message without carrying it out', async () => {
    const faults = createAmtFaults()
    const { console, machine } = activated(2, { faults })
    await console.say(console.amt.GeneralSettings.Get())
    faults.cut(2, 'before')

    await expect(console.say(console.cim.PowerManagementService.RequestPowerStateChange(8))).rejects.toThrow('closed')

    expect(machine.power.state()).toBe(2)
    expect(faults.seen).toEqual(['Get AMT_GeneralSettings', 'RequestPowerStateChange CIM_PowerManagementService'])
  })

  it('cuts after a message that was carried out', async () => {
    const faults = createAmtFaults()
    const { console, machine } = activated(2, { faults })
    faults.cut(1, 'after')

    await expect(console.say(console.cim.PowerManagementService.RequestPowerStateChange(8))).rejects.toThrow('closed')

    expect(machine.power.state()).toBe(8)
  })

  it('answers with a fault of 500 for a while', async () => {
    const faults = createAmtFaults()
    const { console } = activated(2, { faults })
    faults.fail(1)

    const first = await console.say(console.amt.GeneralSettings.Get())
    const second = await console.say(console.amt.GeneralSettings.Get())

    expect([first.status, second.status]).toEqual([500, 200])
    expect(first.body.Fault.Code.Subcode.Value).toBe('c:InternalError')
  })
})

describe('requests', () => {
  it('of a class that is not there are faults of the sender', async () => {
    const { console } = activated(2, { sku: 'ism' })

    const { status, body } = await console.say(console.cim.KVMRedirectionSAP.Get())

    expect(status).toBe(400)
    expect(body.Fault.Code.Subcode.Value).toBe('b:DestinationUnreachable')
  })

  it('come in pages when the machine has small ones', async () => {
    const { console } = activated(2, { pageItems: 2 })

    const { CIM_SoftwareIdentity: identities } = await console.list(console.cim.SoftwareIdentity)

    expect(identities).toHaveLength(11)
    expect(identities.find((each: any) => each.InstanceID === 'Sku').VersionString).toBe('16392')
  })

  it('that are no XML are faults too', async () => {
    const { console } = activated(2)

    expect((await console.say('<a><b></a>')).status).toBe(400)
  })
})
