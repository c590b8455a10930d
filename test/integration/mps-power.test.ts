// SPDX-License-Identifier: Apache-2.0
/** Power and boot through MPS's interface, against a simulated machine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { activeMachine, startMps } from '../support/mps.ts'

const GUID = '4c4c4544-004b-4210-8033-b6c04f504633'
let mps: Awaited<ReturnType<typeof startMps>>
let machine: AmtMachine
beforeEach(async () => {
  mps = await startMps()
  machine = activeMachine(GUID)
  await mps.connect(GUID, machine)
})
afterEach(async () => {
  await mps.stop()
  await machine.stop()
})
const act = (action: number | string, more: object = {}) =>
  mps.call('POST', `/amt/power/action/${GUID}`, { action, ...more })
const boot = (action: number, more: object = {}) =>
  mps.call('POST', `/amt/power/bootOptions/${GUID}`, { action, useSOL: false, ...more })
const acts = () =>
  machine.faults.seen.filter(
    each => !each.startsWith('Get ') && !each.startsWith('Enumerate') && !each.startsWith('Pull'),
  )

describe('power state', () => {
  it('tells the state and the power saving of the operating system', async () => {
    machine.state.osSaving = 3

    const { status, body } = await mps.call('GET', `/amt/power/state/${GUID}`)

    expect(status).toBe(200)
    expect(body).toEqual({ powerstate: 2, OSPowerSavingState: 3 })
  })

  it('counts the power saving as unknown when the firmware does not tell it', async () => {
    machine.state.power = 8

    expect((await mps.call('GET', `/amt/power/state/${GUID}`)).body).toEqual({ powerstate: 8, OSPowerSavingState: 0 })
  })

  it('counts it as unknown on firmware that does not know it', async () => {
    const old = activeMachine(OTHER, { version: '11.8.50' })
    await mps.connect(OTHER, old)

    expect((await mps.call('GET', `/amt/power/state/${OTHER}`)).body).toEqual({ powerstate: 2, OSPowerSavingState: 0 })
    await old.stop()
  })

  it('answers for a device that is away as MPS does', async () => {
    const { status, body } = await mps.call('GET', '/amt/power/state/1')

    expect(status).toBe(404)
    expect(body).toEqual({
      error: 'Device not found/connected. Please connect again using CIRA.',
      errorDescription: 'guid : 1',
    })
  })
})
const OTHER = '4c4c4544-004b-4210-8033-b6c04f504634'

describe('power actions', () => {
  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])('sends code %i as it is', async code => {
    const own = activeMachine(OTHER)
    await mps.connect(OTHER, own)

    const { status, body } = await mps.call('POST', `/amt/power/action/${OTHER}`, { action: code })

    expect(status).toBe(200)
    expect(body.Body).toEqual({ ReturnValue: 0, ReturnValueStr: 'SUCCESS' })
    expect(body.Header.Action).toContain('RequestPowerStateChangeResponse')
    expect(own.state.counters.powerActions).toBe(1)
    await own.stop()
  })

  it('takes a code that is written as text', async () => {
    expect((await act('8')).body.Body.ReturnValueStr).toBe('SUCCESS')
    expect(machine.state.power).toBe(8)
  })

  it.each([1, 18, 99, 100, 'on', null])('refuses %j as MPS words it', async action => {
    const { status, body } = await mps.call('POST', `/amt/power/action/${GUID}`, { action })

    expect(status).toBe(400)
    expect(body.errors).toEqual([
      { type: 'field', value: action, msg: 'Invalid value', path: 'action', location: 'body' },
    ])
    expect(machine.state.counters.powerActions).toBe(0)
  })

  it('passes on what the firmware returned', async () => {
    machine.state.power = 8

    const { status, body } = await act(10)

    expect(status).toBe(200)
    expect(body.Body).toEqual({ ReturnValue: 2, ReturnValueStr: 'NOT_READY' })
  })

  it('wakes an operating system in modern standby before it switches on', async () => {
    machine.state.osSaving = 3

    await act(2)

    expect(machine.state.osSaving).toBe(2)
    expect(acts()).toEqual([
      'RequestOSPowerSavingStateChange IPS_PowerManagementService',
      'RequestPowerStateChange CIM_PowerManagementService',
    ])
  })

  it('changes the power saving of the operating system', async () => {
    expect((await act(501)).body).toEqual({ Body: { ReturnValue: 0, ReturnValueStr: 'COMPLETED_WITH_NO_ERROR' } })
    expect(machine.state.osSaving).toBe(3)
    expect((await act(501)).body.Body.ReturnValue).toBe(0)
    machine.state.power = 8
    expect((await act(500)).body.Body).toEqual({ ReturnValue: 1, ReturnValueStr: 'OS_POWER_STATE_UNKNOWN' })
  })

  it('ends redirection that off would wait for, and leaves the features as they were', async () => {
    const waiting = activeMachine(OTHER, { quirks: { deferWhileRedirecting: true } })
    await mps.connect(OTHER, waiting)
    mps.redirections.open.set(OTHER, [{ id: 's', mode: 'kvm', by: 'anna' }])

    const { body } = await mps.call('POST', `/amt/power/action/${OTHER}`, { action: 8 })

    expect(body.Body.ReturnValueStr).toBe('SUCCESS')
    expect(waiting.state.power).toBe(8)
    expect(mps.redirections.ended).toEqual(['power action 8'])
    expect(waiting.state.features).toMatchObject({ redirection: 32_771, listener: true })
    await waiting.stop()
  })

  it('refuses with a conflict when the caller wants sessions to go on', async () => {
    mps.redirections.open.set(GUID, [{ id: 's', mode: 'sol', by: 'anna' }])

    const { status, body } = await act(8, { redirection: 'refuse' })

    expect(status).toBe(409)
    expect(body).toMatchObject({ code: 'amt-refused', fields: { modes: ['sol'], by: ['anna'] } })
    expect(machine.state.power).toBe(2)
  })

  it('records who did what, and tells of it', async () => {
    await act(8)

    const [entry] = (await mps.audit()).slice(-1)
    expect(entry).toMatchObject({
      action: 'oob.power',
      target: GUID,
      outcome: 'done',
      detail: { action: 8, status: 'SUCCESS' },
    })
    expect((await mps.events()).at(-1)).toMatchObject({ type: 'oob.power', subject: GUID, data: { action: 8 } })
  })

  it('needs more than the right to operate for a reset', async () => {
    mps.who.permissions = new Set(['host.operate'])

    expect((await act(10)).status).toBe(403)
    expect((await act(8)).status).toBe(200)
  })
})

describe('capabilities', () => {
  it('lists codes by their names', async () => {
    const { body } = await mps.call('GET', `/amt/power/capabilities/${GUID}`)

    expect(body).toEqual({
      'Power up': 2,
      'Power cycle': 5,
      'Power down': 8,
      Reset: 10,
      'Soft-off': 12,
      'Soft-reset': 14,
      Sleep: 4,
      Hibernate: 7,
      'Power up to BIOS': 100,
      'Reset to BIOS': 101,
      'Reset to Secure Erase': 104,
      'Reset to IDE-R Floppy': 200,
      'Power on to IDE-R Floppy': 201,
      'Reset to IDE-R CDROM': 202,
      'Power on to IDE-R CDROM': 203,
      'Power on to diagnostic': 300,
      'Reset to diagnostic': 301,
      'Reset to PXE': 400,
      'Power on to PXE': 401,
    })
  })
})

describe('boot options', () => {
  const PLAIN = {
    BIOSPause: 'false',
    BIOSSetup: 'false',
    BootMediaIndex: '0',
    ConfigurationDataReset: 'false',
    FirmwareVerbosity: '0',
    ForcedProgressEvents: 'false',
    IDERBootDevice: '0',
    LockKeyboard: 'false',
    LockPowerButton: 'false',
    LockResetButton: 'false',
    LockSleepButton: 'false',
    ReflashBIOS: 'false',
    SecureErase: 'false',
    UseIDER: 'false',
    UseSOL: 'false',
    UseSafeMode: 'false',
    UserPasswordBypass: 'false',
  }

  it('boots from the network, call for call', async () => {
    const { status, body } = await boot(400)

    expect(status).toBe(200)
    expect(body.Body).toEqual({ ReturnValue: 0, ReturnValueStr: 'SUCCESS' })
    expect(machine.faults.seen).toEqual([
      'Get AMT_BootSettingData',
      'ChangeBootOrder CIM_BootConfigSetting',
      'Put AMT_BootSettingData',
      'SetBootConfigRole CIM_BootService',
      'ChangeBootOrder CIM_BootConfigSetting',
      'RequestPowerStateChange CIM_PowerManagementService',
    ])
    expect(machine.state.boot.last).toMatchObject({
      source: 'Intel(r) AMT: Force PXE Boot',
      reason: '10',
      settings: PLAIN,
    })
  })

  it('boots to the BIOS, with serial output when asked to', async () => {
    await boot(101, { useSOL: true })

    expect(machine.state.boot.last?.settings).toMatchObject({ ...PLAIN, BIOSSetup: 'true', UseSOL: 'true' })
    expect(machine.state.boot.last?.source).toBeUndefined()
  })

  it('switches on to the BIOS with code 2', async () => {
    machine.state.power = 8

    await boot(100)

    expect(machine.state.boot.last).toMatchObject({ reason: '2', settings: { BIOSSetup: 'true' } })
  })

  it.each([
    [202, '1'],
    [200, '0'],
  ])('boots from redirected media %i without a source', async (code, device) => {
    await boot(code)

    expect(machine.state.boot.last?.settings).toMatchObject({ ...PLAIN, UseIDER: 'true', IDERBootDevice: device })
    expect(machine.state.boot.last?.source).toBeUndefined()
  })

  it('leaves nothing behind when the machine cannot start', async () => {
    machine.state.power = 8

    const { body } = await boot(400)

    expect(body.Body.ReturnValueStr).toBe('NOT_READY')
    expect(machine.state.boot.source).toBeUndefined()
    expect(machine.state.boot.settings).toMatchObject(PLAIN)
  })

  it('leaves nothing behind when a call fails', async () => {
    machine.faults.fail(1, what => what.startsWith('SetBootConfigRole'))

    const { status, body } = await boot(101)

    expect(status).toBe(500)
    expect(body).toMatchObject({
      error: 'Internal Server Error',
      errorDescription: 'Exception during Boot Setting request',
    })
    expect(machine.state.boot.settings).toMatchObject(PLAIN)
    expect(machine.state.counters.powerActions).toBe(0)
  })

  it('clears an override somebody left before an ordinary reset', async () => {
    machine.state.boot.settings = { BIOSSetup: 'true' }

    await act(10)

    expect(machine.state.boot.last?.settings.BIOSSetup).toBe('false')
  })

  it('boots from a server with the parameters firmware reads', async () => {
    machine.state.boot.enabledState = 32_769

    const { status } = await boot(105, {
      bootDetails: { url: 'https://boot.example/a.iso', username: 'me', password: 'secret', enforceSecureBoot: false },
    })

    expect(status).toBe(200)
    const { last } = machine.state.boot
    expect(last?.source).toBe('Intel(r) AMT: Force OCR UEFI HTTPS Boot')
    expect(last?.parameters).toEqual([
      { vendor: 0x8086, type: 1, value: Buffer.from('https://boot.example/a.iso').toString('hex') },
      { vendor: 0x8086, type: 20, value: '01' },
      { vendor: 0x8086, type: 40, value: Buffer.from('me').toString('hex') },
      { vendor: 0x8086, type: 41, value: Buffer.from('secret').toString('hex') },
    ])
    expect(last?.settings).toMatchObject({
      EnforceSecureBoot: 'false',
      ForcedProgressEvents: 'true',
      UefiBootNumberOfParams: '4',
    })
  })

  it.each([
    [109, 'Intel(r) AMT: Force OCR UEFI Boot Option 1', 'WinRe'],
    [107, 'Intel(r) AMT: Force OCR UEFI Boot Option 2', 'PBA'],
  ])('picks the recovery source of %i by what the BIOS calls it', async (code, source, path) => {
    machine.state.boot.enabledState = 32_769

    await boot(code)

    expect(machine.state.boot.last).toMatchObject({
      source,
      parameters: [
        { type: 2, value: Buffer.from(path).toString('hex') },
        { type: 3, value: Buffer.from([path.length, 0]).toString('hex') },
      ],
    })
  })

  it('does not switch Secure Boot off in client control mode', async () => {
    machine.state.controlMode = 1
    machine.state.boot.enabledState = 32_769

    const { status, body } = await boot(105, { bootDetails: { url: 'https://a.example/', enforceSecureBoot: false } })

    expect(status).toBe(400)
    expect(body).toEqual({
      error: 'Incorrect URI or Bad Request',
      errorDescription: 'EnforceSecureBoot cannot be turned off in CCM',
    })
  })

  it('refuses recovery that is switched off', async () => {
    const { status, body } = await boot(109)

    expect(status).toBe(400)
    expect(body.code).toBe('amt-unsupported')
    expect(machine.state.counters.powerActions).toBe(0)
  })

  it('lists boot sources', async () => {
    const { body } = await mps.call('GET', `/amt/power/bootSources/${GUID}`)

    expect(body).toContainEqual({
      biosBootString: 'WinRe',
      bootString: 'WinRe',
      elementName: 'Intel(r) AMT: Boot Source',
      failThroughSupported: 2,
      instanceID: 'Intel(r) AMT: Force OCR UEFI Boot Option 1',
      structuredBiosBootString: 'CIM:Hard-Disk:2',
    })
  })

  it('erases disks only when asked twice, by somebody who may', async () => {
    const first = await boot(104)
    expect(first.status).toBe(428)
    expect(machine.state.boot.last).toBeUndefined()

    const wrong = await boot(104, { confirmation: first.body.confirmation, confirmGuid: 'another' })
    expect(wrong.status).toBe(428)
    const second = await boot(104, { confirmation: wrong.body.confirmation, confirmGuid: GUID })

    expect(second.status).toBe(200)
    expect(machine.state.boot.last?.settings).toMatchObject({ ...PLAIN, SecureErase: 'true' })
    mps.who.permissions = new Set(['host.access'])
    expect((await boot(104)).status).toBe(403)
  })

  it('does not erase what a platform cannot erase', async () => {
    const path = `/amt/boot/remoteErase/${GUID}`
    const wanted = { tpmClear: true }
    const first = await mps.call('POST', path, wanted)

    const { status, body } = await mps.call('POST', path, {
      ...wanted,
      confirmation: first.body.confirmation,
      confirmGuid: GUID,
    })

    expect(status).toBe(400)
    expect(body.errorDescription).toBe('Requested erase capabilities are not supported by this device')
  })
})

describe('many devices', () => {
  it('gives each its own outcome', async () => {
    const other = activeMachine(OTHER)
    await mps.connect(OTHER, other)
    const away = Array.from({ length: 498 }, (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`)

    const { status, body } = await mps.call('POST', '/amt/power/bulk', { action: 8, guids: [...away, GUID, OTHER] })

    expect(status).toBe(200)
    expect(body).toMatchObject({ total: 500, succeeded: 2, failed: 498 })
    expect(body.results.at(-1)).toEqual({ guid: OTHER, status: 'done', ReturnValue: 0, ReturnValueStr: 'SUCCESS' })
    expect(body.results[0]).toMatchObject({ guid: away[0], status: 'not-connected', code: 'amt-not-connected' })
    expect([machine.state.power, other.state.power]).toEqual([8, 8])
    await other.stop()
  })

  it('finds them by tags', async () => {
    const { body } = await mps.call('POST', '/amt/power/bulk/state', { tags: ['lab'] })

    expect(body.results).toEqual([{ guid: GUID, status: 'done', powerstate: 2, OSPowerSavingState: 2 }])
  })
})
