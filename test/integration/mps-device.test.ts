// SPDX-License-Identifier: Apache-2.0
/** What MPS's interface says of one device and does to it, against a simulated machine. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deviceSecret } from '../../controller/modules/oob/devices/secrets.ts'
import { realRandom } from '../../controller/system/clock.ts'
import { createAuthority } from '../../provisioning/pki/authority.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { activeMachine, startMps } from '../support/mps.ts'

const GUID = '4c4c4544-004b-4210-8033-b6c04f504633'
const OTHER = '4c4c4544-004b-4210-8033-b6c04f504634'
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
const get = (path: string) => mps.call('GET', `${path}/${GUID}`)
const post = (path: string, body: unknown = {}) => mps.call('POST', `${path}/${GUID}`, body)

describe('version and settings', () => {
  it('shows versions in the form of MPS', async () => {
    const { body } = await get('/amt/version')

    expect(body.CIM_SoftwareIdentity.status).toBe(200)
    const parts = Object.fromEntries(
      body.CIM_SoftwareIdentity.responses.map((each: any) => [each.InstanceID, each.VersionString]),
    )
    expect(parts).toMatchObject({ AMT: '16.1.25', Sku: 16392 })
    const { response, responses } = body.AMT_SetupAndConfigurationService
    expect(response).toMatchObject({ CreationClassName: 'AMT_SetupAndConfigurationService', ProvisioningMode: 1 })
    expect(responses.Body).toEqual(response)
    expect(responses.Header.ResourceURI).toContain('AMT_SetupAndConfigurationService')
  })

  it('shows and changes general settings', async () => {
    const { body } = await get('/amt/generalSettings')
    expect(body.Body).toMatchObject({ DigestRealm: machine.state.realm, AMTNetworkEnabled: 1, SharedFQDN: true })
    expect(typeof body.Header.RelatesTo).toBe('string')

    const changed = await mps.call('PUT', `/amt/generalSettings/${GUID}`, { IdleWakeTimeout: 30 })

    expect(changed.body.Body.IdleWakeTimeout).toBe(30)
    expect((await get('/amt/generalSettings')).body.Body.IdleWakeTimeout).toBe(30)
  })

  it.each([
    [1, 1],
    [2, 4],
  ])('lists %i processors and %i memory chips', async (cpus, dimms) => {
    const other = activeMachine(OTHER, { hardware: { cpus, dimms } })
    await mps.connect(OTHER, other)

    const { body } = await mps.call('GET', `/amt/hardwareInfo/${OTHER}`)

    expect(body.CIM_Processor.responses).toHaveLength(cpus)
    expect(body.CIM_PhysicalMemory.responses).toHaveLength(dimms)
    expect(body.CIM_Chassis).toMatchObject({ status: 200, response: { SerialNumber: '00042SIM' } })
    expect(body.CIM_Chassis.responses.Body).toEqual(body.CIM_Chassis.response)
    expect(Object.keys(body)).toHaveLength(10)
    await other.stop()
  })

  it('lists disks', async () => {
    expect((await get('/amt/diskInfo')).body.CIM_MediaAccessDevice.responses).toHaveLength(1)
  })

  it('reads classes raw, but no others than it lists', async () => {
    const names = (await mps.call('GET', '/amt/explorer')).body
    expect(names).toContain('AMT_GeneralSettings')

    const { body } = await mps.call('GET', `/amt/explorer/${GUID}/AMT_TLSSettingData`)

    expect(JSON.stringify(body)).toContain('TLS')
    expect((await mps.call('GET', `/amt/explorer/${GUID}/CIM_WiFiEndpointSettings`)).status).toBe(400)
  })
})

describe('features', () => {
  it('reads them', async () => {
    expect((await get('/amt/features')).body).toEqual({
      userConsent: 'none',
      redirection: true,
      KVM: true,
      SOL: true,
      IDER: true,
      optInState: 0,
      kvmAvailable: true,
      ocr: false,
      httpsBootSupported: false,
      winREBootSupported: false,
      localPBABootSupported: false,
      remoteErase: true,
      remoteEraseEnabled: false,
      remoteEraseSupported: true,
      platformEraseCaps: 3,
    })
  })

  it('switches them in the order of the firmware', async () => {
    const { status, body } = await post('/amt/features', {
      userConsent: 'kvm',
      enableSOL: false,
      enableIDER: true,
      enableKVM: false,
      ocr: true,
    })

    expect(status).toBe(200)
    expect(body).toEqual({ status: 'AMT Features updated' })
    expect(machine.state.features).toMatchObject({ redirection: 32_769, listener: true, kvm: 3 })
    expect(machine.state.optIn.required).toBe(1)
    expect(machine.state.boot.enabledState).toBe(32_769)
    expect(machine.faults.seen.filter(each => !/^(Get|Enumerate|Pull) /.test(each))).toEqual([
      'RequestStateChange AMT_RedirectionService',
      'RequestStateChange CIM_KVMRedirectionSAP',
      'Put AMT_RedirectionService',
      'Put IPS_OptInService',
      'RequestStateChange CIM_BootService',
    ])
    expect((await get('/amt/features')).body).toMatchObject({
      ocr: true,
      httpsBootSupported: true,
      winREBootSupported: true,
      localPBABootSupported: true,
    })
  })

  it('reads and switches a device without KVM', async () => {
    const ism = activeMachine(OTHER, { sku: 'ism' })
    await mps.connect(OTHER, ism)
    const flags = { userConsent: 'none', enableSOL: 'true', enableIDER: 'false' }

    expect((await mps.call('GET', `/amt/features/${OTHER}`)).body).toMatchObject({ KVM: false, kvmAvailable: false })
    const without = await mps.call('POST', `/amt/features/${OTHER}`, { ...flags, enableKVM: 'false' })
    const withKvm = await mps.call('POST', `/amt/features/${OTHER}`, { ...flags, enableKVM: true })

    expect(without.status).toBe(200)
    expect(ism.state.features.redirection).toBe(32_770)
    expect(withKvm).toMatchObject({ status: 400, body: { code: 'amt-unsupported' } })
    await ism.stop()
  })

  it('complains of what is missing', async () => {
    const { status, body } = await post('/amt/features', { userConsent: 'sometimes' })

    expect(status).toBe(400)
    expect(body.errors.map((each: any) => each.path)).toEqual(['userConsent', 'enableSOL', 'enableIDER', 'enableKVM'])
  })
})

describe('consent', () => {
  it('asks, hears the code and lets in', async () => {
    machine.state.optIn.required = 0xffff_ffff

    const asked = await get('/amt/userConsentCode')
    expect(asked.status).toBe(200)
    expect(asked.body.Body).toEqual({ ReturnValue: 0, ReturnValueStr: 'SUCCESS' })
    const code = machine.screen.consentCode() ?? ''
    const wrong = code === '111111' ? '222222' : '111111'
    const refused = await post('/amt/userConsentCode', { consentCode: wrong })
    expect(refused.status).toBe(400)
    expect(refused.body.Body.ReturnValueStr).not.toBe('SUCCESS')
    const sent = await post('/amt/userConsentCode', { consentCode: code })

    expect(sent.status).toBe(200)
    expect((await get('/amt/features')).body.optInState).toBe(3)
    expect(JSON.stringify(await mps.audit())).not.toContain(code)
  })

  it('takes three wrong codes, then takes the code off the screen and wants a new one', async () => {
    machine.state.optIn.required = 0xffff_ffff
    await get('/amt/userConsentCode')
    const wrong = machine.screen.consentCode() === '111111' ? '222222' : '111111'

    const tries = []
    for (let count = 0; count < 3; count++) tries.push(await post('/amt/userConsentCode', { consentCode: wrong }))
    const fourth = await post('/amt/userConsentCode', { consentCode: wrong })

    expect(tries.map(each => each.status)).toEqual([400, 400, 400])
    expect(machine.screen.consentCode()).toBeUndefined()
    expect(fourth).toMatchObject({ status: 403, body: { code: 'consent-tries-exhausted', error: expect.any(String) } })
    await get('/amt/userConsentCode')
    const code = machine.screen.consentCode()
    expect((await post('/amt/userConsentCode', { consentCode: code })).status).toBe(200)
  })

  it('takes the code off the screen', async () => {
    machine.state.optIn.required = 0xffff_ffff
    await get('/amt/userConsentCode')

    expect((await get('/amt/userConsentCode/cancel')).status).toBe(200)
    expect(machine.screen.consentCode()).toBeUndefined()
  })

  it('answers 400 to a code nobody was asked for', async () => {
    expect((await post('/amt/userConsentCode', { consentCode: 123456 })).status).toBe(400)
    expect((await post('/amt/userConsentCode', {})).body.errors[0].path).toBe('consentCode')
  })
})

describe('logs', () => {
  const record = (at: number) => {
    const head = Buffer.from([0, 18, 0, 10, 0, 5])
    const time = Buffer.alloc(4)
    time.writeUInt32BE(1_700_000_000 + at)
    return Buffer.concat([
      head,
      Buffer.from('admin'),
      time,
      Buffer.from([0, 7]),
      Buffer.from('1.2.3.4'),
      Buffer.from([0]),
    ]).toString('base64')
  }

  it.each([0, 1, 50, 500])('reads %i audit records, newest first', async count => {
    machine.state.auditLog = Array.from({ length: count }, (_, at) => record(at))

    const { body } = await get('/amt/log/audit')

    expect(body.totalCnt).toBe(count)
    expect(body.records).toHaveLength(count)
    if (count === 0) return
    expect(body.records[0]).toMatchObject({ Event: 'KVM Enabled', Initiator: 'admin', NetAddress: '1.2.3.4' })
    expect(Date.parse(body.records[0].Time) / 1_000).toBe(1_700_000_000 + count - 1)
  })

  it('skips the newest records', async () => {
    machine.state.auditLog = Array.from({ length: 25 }, (_, at) => record(at))

    const { body } = await mps.call('GET', `/amt/log/audit/${GUID}?startIndex=20`)

    expect(body.records.map((each: any) => Date.parse(each.Time) / 1_000 - 1_700_000_000)).toEqual([4, 3, 2, 1, 0])
  })

  it.each([0, 1, 391, 800])('reads %i events', async count => {
    const event = Buffer.from([0, 0, 0, 0, 255, 15, 111, 2, 104, 1, 255, 34, 0, 64, 6, 0, 0, 0, 0, 0, 0])
    machine.state.eventLog = Array.from({ length: count }, () => event.toString('base64'))

    const { body } = await get('/amt/log/event')

    expect(body).toHaveLength(count)
    if (count > 0)
      expect(body[0]).toMatchObject({ TimeStamp: '', EntityStr: 'BIOS', Desc: 'USB resource configuration' })
  })

  it('gives tables to download', async () => {
    machine.state.auditLog = [record(0)]

    const { headers, text } = await mps.call('GET', `/amt/log/audit/${GUID}/download`)

    expect(headers['content-type']).toContain('text/csv')
    expect(text.split('\r\n')[1]).toContain('Redirection Manager,KVM Enabled,admin,1.2.3.4')
  })
})

describe('alarms', () => {
  const alarm = { ElementName: 'wake', StartTime: '2026-12-31T23:59:00Z', Interval: 1_590, DeleteOnCompletion: false }
  const path = `/amt/alarmOccurrences`

  it('adds, lists and removes', async () => {
    expect((await get(path)).body).toEqual([])
    expect((await post(path, alarm)).body).toEqual({ status: 'SUCCESS', ReturnValue: 0 })
    expect(machine.state.alarms).toEqual([
      { id: 'wake', name: 'wake', start: '2026-12-31T23:59:00Z', interval: 'P1DT2H30M', deleteOnCompletion: false },
    ])
    expect((await get(path)).body).toEqual([
      {
        DeleteOnCompletion: false,
        ElementName: 'wake',
        InstanceID: 'wake',
        Interval: { Interval: 'P1DT2H30M' },
        StartTime: { Datetime: '2026-12-31T23:59:00Z', DateTime: '2026-12-31T23:59:00Z' },
      },
    ])
    await post(path, { ...alarm, ElementName: 'second' })
    expect((await get(path)).body).toHaveLength(2)
    expect((await mps.call('DELETE', `${path}/${GUID}`, { Name: 'wake' })).body).toEqual({ status: 'SUCCESS' })
    expect(machine.state.alarms).toHaveLength(1)
  })

  it('refuses what lacks a name or a time, and knows what is not there', async () => {
    expect((await post(path, { ElementName: 'x' })).body).toMatchObject({
      error: 'Incorrect URI or Bad Request',
      errorDescription: `Alarm add request invalid parameters for guid : ${GUID}.`,
    })
    expect(await mps.call('DELETE', `${path}/${GUID}`, { Name: 'none' })).toMatchObject({
      status: 404,
      body: {
        error: 'Alarm instance not found',
        errorDescription: `Alarm occurrence delete request failed for guid : ${GUID}.`,
      },
    })
    expect((await mps.call('DELETE', `${path}/${GUID}`, {})).status).toBe(400)
  })
})

describe('certificates', () => {
  it('adds a root, shows it, removes it', async () => {
    const pem = await rootPem()
    const cert = Buffer.from(pem).toString('base64')

    const added = await post('/amt/certificates', { cert, isTrusted: true })
    expect(added.status).toBe(200)
    const { body } = await get('/amt/certificates')
    const item = body.certificates.publicKeyCertificateItems.find((each: any) => each.instanceID === added.body.handle)
    expect(item).toMatchObject({ trustedRootCertificate: true, readOnlyCertificate: false, associatedProfiles: [] })
    expect(body.certificates.keyManagementItems).toEqual([])
    const path = `/amt/certificates/${GUID}/${encodeURIComponent(added.body.handle)}`
    expect((await mps.call('DELETE', path)).body).toEqual({
      message: 'Certificate deleted successfully',
      handle: added.body.handle,
    })
    expect((await mps.call('DELETE', path)).body.errorDescription).toBe(
      `Certificate with handle '${added.body.handle}' not found`,
    )
  })

  it.each([
    [{ cert: '', isTrusted: true }, 'Certificate is required'],
    [{ cert: 'dummy', isTrusted: 'notbool' }, 'Invalid certificate format (not valid DER or PEM)'],
  ])('complains of %j', async (body, msg) => {
    const reply = await mps.call('POST', '/amt/certificates/1', body)

    expect(reply.status).toBe(400)
    expect(reply.body.errors[0].msg).toBe(msg)
  })

  it('does not remove one that TLS uses', async () => {
    const added = await post('/amt/certificates', {
      cert: Buffer.from(await rootPem()).toString('base64'),
      isTrusted: false,
    })
    machine.state.tls.certificate = added.body.handle

    const reply = await mps.call('DELETE', `/amt/certificates/${GUID}/${encodeURIComponent(added.body.handle)}`)

    expect(reply.status).toBe(409)
    expect(reply.body.errorDescription).toContain(
      'currently referenced by the following AMT profiles/configurations: TLS - ',
    )
  })
})

async function rootPem(): Promise<string> {
  return (await createAuthority({ now: Date.now(), random: realRandom })).root.certificate
}

describe('displays', () => {
  it('lists them and chooses one', async () => {
    const { body } = await get('/amt/kvm/displays')
    expect(body.displays[0]).toMatchObject({ displayIndex: 0, isActive: true, role: 'primary' })

    const chosen = await mps.call('PUT', `/amt/kvm/displays/${GUID}`, { displayIndex: 1 })

    expect(chosen.body.IPS_KVMRedirectionSettingData.DefaultScreen).toBe(1)
    expect((await get('/amt/kvm/displays')).body.displays[1]?.isDefault ?? true).toBe(true)
    expect((await mps.call('PUT', `/amt/screen/${GUID}`, { displayIndex: 0 })).status).toBe(200)
    expect((await mps.call('PUT', `/amt/screen/${GUID}`, { displayIndex: 'x' })).status).toBe(400)
  })
})

describe('secrets and farewell', () => {
  const hash = (password: string) => createHash('md5').update(`admin:${machine.state.realm}:${password}`).digest('hex')
  const stored = async () =>
    (await mps.secrets.active(mps.store, deviceSecret('default', GUID, 'amt-admin')))?.use(text => text)

  it('changes the password, and goes on with the new one', async () => {
    const reply = await post('/amt/password', { password: 'N3w&<Pass>"' })
    expect(reply.status).toBe(400)

    expect((await post('/amt/password', { password: 'N3w&<Pass>' })).body).toEqual({ status: 'SUCCESS' })

    expect(machine.state.adminHash).toBe(hash('N3w&<Pass>'))
    expect(await stored()).toBe('N3w&<Pass>')
    expect((await get('/amt/power/state')).status).toBe(200)
    expect(JSON.stringify([await mps.audit(), await mps.events()])).not.toContain('N3w')
  })

  it('keeps the old password when the firmware refuses', async () => {
    machine.faults.fail(1, what => what.startsWith('SetAdminAclEntryEx'))

    expect((await post('/amt/password')).status).toBe(500)

    expect(await stored()).toBe('P@ssw0rd')
    expect((await get('/amt/power/state')).status).toBe(200)
  })

  it('does not repeat a weak password in its complaint', async () => {
    const { status, text } = await post('/amt/password', { password: 'weakling' })

    expect(status).toBe(400)
    expect(text).not.toContain('weakling')
  })

  it('changes the setup password in admin control mode only', async () => {
    expect((await post('/amt/mebxPassword', { password: 'Meb3x!Pass' })).status).toBe(200)
    expect(machine.state.mebxPassword).toBeDefined()
    machine.state.controlMode = 1
    expect((await post('/amt/mebxPassword')).body.code).toBe('amt-unsupported')
  })

  it('sets the clock', async () => {
    machine.state.clockOffsetMs = 3_600_000

    const { body } = await post('/amt/time')

    expect(body.offsetSeconds).toBeGreaterThan(3_595)
    expect(Math.abs(machine.state.clockOffsetMs)).toBeLessThan(3_000)
  })

  it('shows TLS settings', async () => {
    const { body } = await get('/amt/tls')

    expect(body).toHaveLength(2)
    expect(body[0]).toMatchObject({ enabled: false, mutualAuthentication: false })
  })

  it('takes a device out of management with its secrets', async () => {
    const { status, body } = await mps.call('DELETE', `/amt/deactivate/${GUID}`)

    expect([status, body]).toEqual([200, { status: 'SUCCESS' }])
    expect(await stored()).toBeUndefined()
    expect((await mps.call('GET', `/devices/${GUID}`)).status).toBe(404)
    expect(mps.tunnels.size).toBe(0)
    expect((await mps.audit()).at(-1)).toMatchObject({ action: 'oob.deactivated', target: GUID })
  })
})
