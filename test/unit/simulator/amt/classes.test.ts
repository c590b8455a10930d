// SPDX-License-Identifier: Apache-2.0

import { createHash, X509Certificate } from 'node:crypto'
import { AMT, CIM, IPS } from '@device-management-toolkit/wsman-messages'
import forge from 'node-forge'
import { describe, expect, it } from 'vitest'
import type { JournalEntry, PowerChange } from '../../../../simulator/amt/machine.ts'
import { createOnDieAuthority } from '../../../../simulator/amt/on-die.ts'
import { encodeAudit, encodeEvent, sampleEvents } from '../../../../simulator/amt/records.ts'
import { TestConsole } from './console.ts'
import { activated, PASSWORD } from './machines.ts'

async function power(console: TestConsole, code: number): Promise<string> {
  const said = await console.say(console.cim.PowerManagementService.RequestPowerStateChange(code as never))
  return said.body.RequestPowerStateChange_OUTPUT.ReturnValue
}

describe('power', () => {
  it.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])('takes code %i on a host that is up', async code => {
    const changes: PowerChange[] = []
    const { console } = activated(2, { onPower: change => changes.push(change) })

    expect(await power(console, code)).toBe('0')
    expect(changes.map(({ action }) => action)).toEqual([code])
  })

  it('refuses sleep on a board without it, and grace on a host that hangs', async () => {
    const { console, machine } = activated(2, { hardware: { sleep: false } })

    expect(await power(console, 4)).toBe('2')
    machine.power.systemUp = false
    expect(await power(console, 12)).toBe('2')
    expect(await power(console, 42)).toBe('36')
  })

  it('tells the state and hides the sleep of a system that is off', async () => {
    const { console } = activated(2)
    const states = async (): Promise<unknown[]> => {
      const { CIM_AssociatedPowerManagementService: found } = await console.list(console.cim.ServiceAvailableToElement)
      const { body } = await console.say(console.ips.PowerManagementService.Get())
      return [found[0].PowerState, body.IPS_PowerManagementService.OSPowerSavingState]
    }

    const on = await states()
    await power(console, 8)

    expect([on, await states()]).toEqual([
      ['2', '2'],
      ['8', undefined],
    ])
  })

  it('tells of a change only after the lag the firmware has', async () => {
    const { machine, clock } = activated(2, { quirks: { powerLagMs: 5000 } })
    const console = new TestConsole(() => machine.lms(16992), 'admin', PASSWORD)

    await power(console, 8)
    const before = machine.power.state()
    await clock.advance(5000)

    expect([before, machine.power.state()]).toEqual([2, 8])
  })
})

describe('boot', () => {
  it('records what the next boot was told to do and then forgets it', async () => {
    const journal: JournalEntry[] = []
    const { console, machine } = activated(2, { journal: entry => journal.push(entry) })
    const { body } = await console.say(console.amt.BootSettingData.Get())
    const { BIOSLastStatus: _status, ...settings } = body.AMT_BootSettingData
    const url = Buffer.from('https://boot.example/os.efi')
    const head = Buffer.from('868001000000000000'.slice(0, 16), 'hex')
    head.writeUInt32LE(url.length, 4)
    settings.UefiBootNumberOfParams = 1
    settings.UefiBootParametersArray = Buffer.concat([head, url]).toString('base64')
    settings.EnforceSecureBoot = true

    await console.say(console.cim.BootConfigSetting.ChangeBootOrder())
    const put = await console.say(console.amt.BootSettingData.Put(settings))
    await console.say(console.cim.BootService.SetBootConfigRole('Intel(r) AMT: Boot Configuration 0', 1))
    await console.say(console.cim.BootConfigSetting.ChangeBootOrder('Intel(r) AMT: Force OCR UEFI HTTPS Boot' as never))
    await power(console, 10)

    expect(put.status).toBe(200)
    expect(machine.state.boot.last).toMatchObject({
      source: 'Intel(r) AMT: Force OCR UEFI HTTPS Boot',
      parameters: [{ vendor: 0x8086, type: 1, value: url.toString('hex') }],
    })
    expect(machine.state.boot.settings).toBeUndefined()
    expect(journal.map(({ what }) => what)).toEqual([
      'Get AMT_BootSettingData',
      'ChangeBootOrder CIM_BootConfigSetting',
      'Put AMT_BootSettingData',
      'SetBootConfigRole CIM_BootService',
      'ChangeBootOrder CIM_BootConfigSetting',
      'RequestPowerStateChange CIM_PowerManagementService',
    ])
  })

  it('does not let secure boot be left out in client control', async () => {
    const { console } = activated(1)
    const { body } = await console.say(console.amt.BootSettingData.Get())
    const { BIOSLastStatus: _status, ...settings } = body.AMT_BootSettingData
    settings.UefiBootNumberOfParams = 1
    settings.UefiBootParametersArray = Buffer.from('8680010000000000', 'hex').toString('base64')
    settings.EnforceSecureBoot = false

    expect((await console.say(console.amt.BootSettingData.Put(settings))).status).toBe(400)
  })

  it('knows the member names of its settings', async () => {
    const { console } = activated(2)

    const said = await console.say(console.amt.BootSettingData.Put({ BootWithMagic: true } as never))

    expect(said.body.Fault.Code.Subcode.Value).toBe('c:SchemaValidationError')
  })
})

describe('consent', () => {
  it('expires, is wrong three times, and may be cancelled', async () => {
    const { console, machine, clock } = activated(1)
    const start = (): Promise<unknown> => console.say(console.ips.OptInService.StartOptIn())
    const send = async (code: string): Promise<string> =>
      (await console.say(console.ips.OptInService.SendOptInCode(Number(code)))).body.SendOptInCode_OUTPUT.ReturnValue

    await start()
    const late = machine.screen.consentCode()!
    await clock.advance(121_000)
    expect(machine.screen.consentCode()).toBeUndefined()
    expect([await send(late), machine.state.optIn.state]).toEqual(['2', 2])

    await start()
    const wrong = machine.screen.consentCode() === '123456' ? '654321' : '123456'
    expect([await send(wrong), await send(wrong), await send(wrong)]).toEqual(['36', '36', '36'])
    expect(machine.state.optIn.state).toBe(0)

    await start()
    const { body } = await console.say(console.ips.OptInService.CancelOptIn())
    expect(body.CancelOptIn_OUTPUT.ReturnValue).toBe('0')
  })

  it('shows no code where there is no screen', async () => {
    const { console, machine } = activated(1, { display: false })

    await console.say(console.ips.OptInService.StartOptIn())

    expect([machine.state.optIn.state, machine.screen.consentCode()]).toEqual([1, undefined])
  })

  it('cannot be given up in client control', async () => {
    const { console } = activated(1)

    const said = await console.say(console.ips.OptInService.Put({ IPS_OptInService: { OptInRequired: 0 } } as never))

    expect(said.body.Fault.Code.Subcode.Value).toBe('c:AccessDenied')
  })
})

describe('logs', () => {
  it('encodes records as the reference has them', () => {
    const audit = encodeAudit({
      application: 16,
      event: 2,
      initiator: { kind: 'digest', name: 'admin' },
      at: 0x01020304,
      location: 0,
      address: '::1',
      extended: Buffer.of(9),
    })
    const event = encodeEvent({ at: 0x01020304, sensorType: 15, eventType: 111, offset: 2, severity: 1, entity: 34 })

    expect(Buffer.from(audit, 'base64').toString('hex')).toBe(
      ['00100002', '00', '0561646d696e', '01020304', '00', '033a3a31', '0109'].join(''),
    )
    expect(Buffer.from(event, 'base64').toString('hex')).toBe(
      ['04030201', 'ff0f6f026801ff2200', '00'.repeat(8)].join(''),
    )
  })

  it('come in pages until no more is left', async () => {
    const { console, machine } = activated(2)
    machine.state.eventLog = [...sampleEvents(400)]
    const records = async (from: number): Promise<any> =>
      (await console.say(console.amt.MessageLog.GetRecords(from))).body.GetRecords_OUTPUT

    const first = await records(1)
    const second = await records(Number(first.IterationIdentifier))

    expect([first.RecordArray.length, first.NoMoreRecords]).toEqual([390, 'false'])
    expect([second.RecordArray.length, second.NoMoreRecords]).toEqual([10, 'true'])
  })

  it('reads audit records ten at a time, one alone too, and none', async () => {
    const { console, machine } = activated(2)
    const read = async (from: number): Promise<any> =>
      (await console.say(console.amt.AuditLog.ReadRecords(from))).body.ReadRecords_OUTPUT
    machine.state.auditLog = Array.from({ length: 11 }, () => 'AAA=')

    const [first, second, third] = [await read(1), await read(11), await read(12)]

    expect([first.RecordsReturned, second.RecordsReturned, third.RecordsReturned]).toEqual(['10', '1', '0'])
    expect(second.EventRecords).toBe('AAA=')
    expect(third.EventRecords).toBeUndefined()
  })
})

describe('alarms', () => {
  it('are added, listed and removed', async () => {
    const { console, machine } = activated(2)
    const add = console.amt.AlarmClockService.AddAlarm({
      InstanceID: 'Wake & shine',
      ElementName: 'Wake',
      StartTime: new Date(Date.UTC(2027, 0, 1)),
      Interval: 1500,
      DeleteOnCompletion: true,
    } as never)

    const broken = await console.say(add)
    const said = await console.say(add.replace('Wake & shine', 'Wake &amp; shine'))
    const { IPS_AlarmClockOccurrence: alarms } = await console.list(console.ips.AlarmClockOccurrence)
    const gone = await console.say(
      console.ips.AlarmClockOccurrence.Delete({ name: 'InstanceID', value: 'Wake &amp; shine' }),
    )

    expect(broken.status).toBe(400)
    expect(said.body.AddAlarm_OUTPUT.ReturnValue).toBe('0')
    expect(alarms).toMatchObject([{ InstanceID: 'Wake & shine', Interval: { Interval: 'P1DT1H0M' } }])
    expect(alarms[0].StartTime.Datetime).toBe('2027-01-01T00:00:00Z')
    expect(gone.status).toBe(200)
    expect(machine.state.alarms).toEqual([])
  })
})

describe('certificates and keys', () => {
  it('signs a request with a key of its own, and keeps what is in use', async () => {
    const { console, machine } = activated(2)
    const generated = await console.say(
      console.amt.PublicKeyManagementService.GenerateKeyPair({ KeyAlgorithm: 0, KeyLength: 2048 } as never),
    )
    expect(generated.body.GenerateKeyPair_OUTPUT.ReturnValue).toBe('0')
    const { AMT_PublicPrivateKeyPair: pairs } = await console.list(console.amt.PublicPrivateKeyPair)
    const request = forge.pki.createCertificationRequest()
    request.publicKey = forge.pki.publicKeyFromPem(
      `-----BEGIN RSA PUBLIC KEY-----\n${pairs[0].DERKey}\n-----END RSA PUBLIC KEY-----`,
    )
    request.setSubject([{ name: 'commonName', value: 'device' }])
    request.sign(forge.pki.rsa.generateKeyPair(1024).privateKey, forge.md.sha256.create())
    const blob = forge.util.encode64(forge.asn1.toDer(forge.pki.certificationRequestToAsn1(request)).getBytes())
    const keyPair = `<a:Address>/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>http://intel.com/wbem/wscim/1/amt-schema/1/AMT_PublicPrivateKeyPair</w:ResourceURI><w:SelectorSet><w:Selector Name="InstanceID">${pairs[0].InstanceID}</w:Selector></w:SelectorSet></a:ReferenceParameters>`
    const signed = await console.say(
      console.amt.PublicKeyManagementService.GeneratePKCS10RequestEx({
        KeyPair: keyPair,
        SigningAlgorithm: 1,
        NullSignedCertificateRequest: blob,
      } as never),
    )

    const csr = signed.body.GeneratePKCS10RequestEx_OUTPUT.SignedCertificateRequest
    const parsed = forge.pki.certificationRequestFromPem(
      `-----BEGIN CERTIFICATE REQUEST-----\n${csr}\n-----END CERTIFICATE REQUEST-----`,
    )
    expect(parsed.verify()).toBe(true)
    const certificate = forge.pki.createCertificate()
    certificate.publicKey = parsed.publicKey!
    certificate.validity.notBefore = new Date(0)
    certificate.validity.notAfter = new Date(Date.UTC(2040, 0, 1))
    certificate.setSubject(parsed.subject.attributes)
    certificate.setIssuer(parsed.subject.attributes)
    certificate.sign(forge.pki.rsa.generateKeyPair(1024).privateKey, forge.md.sha256.create())
    const der = forge.util.encode64(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes())
    const added = await console.say(console.amt.PublicKeyManagementService.AddCertificate({ CertificateBlob: der }))
    const handle = added.body.AddCertificate_OUTPUT.CreatedCertificate.ReferenceParameters.SelectorSet.Selector['#text']
    const created = await console.say(console.amt.TLSCredentialContext.Create(handle))
    const refused = await console.say(console.amt.PublicKeyCertificate.Delete({ name: 'InstanceID', value: handle }))
    const { AMT_TLSCredentialContext: users } = await console.list(console.cim.CredentialContext)

    expect(created.status).toBe(200)
    expect(refused.body.Fault.Code.Subcode.Value).toBe('c:AccessDenied')
    expect(users).toHaveLength(1)
    expect(machine.state.certificates[0]).toMatchObject({ id: handle, key: pairs[0].InstanceID })
  })

  it('takes a root once', async () => {
    const { console } = activated(2)
    const { root } = createOnDieAuthority({ random: count => new Uint8Array(count).fill(7), at: Date.now() })
    const blob = new X509Certificate(root).raw.toString('base64')
    const add = async (): Promise<string> =>
      (await console.say(console.amt.PublicKeyManagementService.AddTrustedRootCertificate({ CertificateBlob: blob })))
        .body.AddTrustedRootCertificate_OUTPUT.ReturnValue

    expect([await add(), await add()]).toEqual(['0', '2058'])
  })
})

describe('access from outside', () => {
  it('is configured by server, rule and the names of home', async () => {
    const { console, machine } = activated(2)
    const server = await console.say(
      console.amt.RemoteAccessService.AddMPS({
        AccessInfo: 'mps.example',
        InfoFormat: 201,
        Port: 4433,
        AuthMethod: 2,
        Username: 'admin',
        Password: 'P@ssw0rd',
        CommonName: 'mps.example',
      } as never),
    )
    const name = 'Intel(r) AMT:Management Presence Server 0'
    const rule = await console.say(
      console.amt.RemoteAccessService.AddRemoteAccessPolicyRule(
        { Trigger: 2, TunnelLifeTime: 0, ExtendedData: 'AAAAAAAAABk=' } as never,
        { name: 'Name', value: name },
      ),
    )
    const { AMT_RemoteAccessPolicyAppliesToMPS: applies } = await console.list(
      console.amt.RemoteAccessPolicyAppliesToMPS,
    )
    await console.say(
      console.amt.EnvironmentDetectionSettingData.Put({
        InstanceID: 'Intel(r) AMT Environment Detection Settings',
        DetectionAlgorithm: 0,
        DetectionStrings: ['away.com'],
      } as never),
    )

    expect(server.body.AddMpServer_OUTPUT.ReturnValue).toBe('0')
    expect(rule.body.AddRemoteAccessPolicyRule_OUTPUT.ReturnValue).toBe('0')
    expect(applies).toMatchObject([{ MpsType: '0', OrderOfAccess: '0' }])
    expect(machine.state.cira.detection).toEqual(['away.com'])
  })
})

describe('wireless', () => {
  const endpoint = { name: 'Name', value: 'WiFi Endpoint 0' }
  const profile = (name: string, priority: number): any => ({
    ElementName: name,
    InstanceID: `Intel(r) AMT:WiFi Endpoint Settings ${name}`,
    AuthenticationMethod: 6,
    EncryptionMethod: 4,
    SSID: 'net',
    Priority: priority,
    PSKPassPhrase: 'a<b>&"c"\'d\'',
  })

  it('takes eight profiles, each with a priority of its own', async () => {
    const { console, machine } = activated(2)
    const add = async (name: string, priority: number): Promise<string> =>
      (await console.say(console.amt.WiFiPortConfigurationService.AddWiFiSettings(profile(name, priority), endpoint)))
        .body.AddWiFiSettings_OUTPUT.ReturnValue

    const first = await add('one', 1)
    const clash = await add('two', 1)
    for (let index = 2; index <= 8; index++) await add(`n${index}`, index)

    expect([first, clash, await add('nine', 9)]).toEqual(['0', '2058', '23'])
    expect(machine.state.wifi.profiles).toHaveLength(8)
    expect(machine.state.wifi.profiles[0]!.passphrase).toBe('a<b>&"c"\'d\'')
  })

  it('is not there on standard manageability', async () => {
    const { console } = activated(2, { sku: 'ism' })

    expect((await console.say(console.cim.WiFiPort.Get())).status).toBe(400)
  })
})

describe('the wired port', () => {
  it('takes an address only when nobody else gives one', async () => {
    const { console } = activated(2)
    const { body } = await console.say(
      console.amt.EthernetPortSettings.Get({ name: 'InstanceID', value: 'Intel(r) AMT Ethernet Port Settings 0' }),
    )
    const { LinkPolicy: _policy, ...port } = body.AMT_EthernetPortSettings
    const fixed = { ...port, DHCPEnabled: false, IpSyncEnabled: false, SharedStaticIp: false, IPAddress: '10.0.0.9' }

    const both = await console.say(console.amt.EthernetPortSettings.Put({ ...fixed, DHCPEnabled: true }))
    const put = await console.say(console.amt.EthernetPortSettings.Put(fixed))

    expect(both.status).toBe(400)
    expect(put.body.AMT_EthernetPortSettings).toMatchObject({ DHCPEnabled: 'false', IPAddress: '10.0.0.9' })
  })

  it('has a link that can be taken and given back', async () => {
    const { console, machine } = activated(2)

    const said = await console.say(console.amt.EthernetPortSettings.SetLinkPreference(1, 300))

    expect(said.body.SetLinkPreference_OUTPUT.ReturnValue).toBe('0')
    expect(machine.state.wifi.link).toMatchObject({ preference: 1, timeoutSeconds: 300 })
  })
})

describe('TLS', () => {
  it('is in force only after the commit, and only with a certificate', async () => {
    const { console, machine } = activated(2)
    const settings = { InstanceID: 'Intel(r) AMT 802.3 TLS Settings', Enabled: true, MutualAuthentication: false }

    await console.say(console.amt.TLSSettingData.Put({ ...settings, AcceptNonSecureConnections: false } as never))
    const before = machine.state.tls.settings[0].enabled
    const refused = await console.say(console.amt.SetupAndConfigurationService.CommitChanges())

    expect([before, refused.body.CommitChanges_OUTPUT.ReturnValue]).toEqual([false, '2057'])
  })
})

describe('accounts and time', () => {
  it('changes the password of admin', async () => {
    const { console, machine } = activated(2)
    await console.say(console.amt.GeneralSettings.Get())
    const digest = createHash('md5').update(`admin:${console.realm}:N3w!word`).digest('base64')

    const said = await console.say(console.amt.AuthorizationService.SetAdminACLEntryEx('admin', digest))

    expect(said.body.SetAdminAclEntryEx_OUTPUT.ReturnValue).toBe('0')
    const fresh = new TestConsole(() => machine.lms(16992), 'admin', 'N3w!word')
    expect((await fresh.say(fresh.amt.GeneralSettings.Get())).status).toBe(200)
    expect((await console.say(console.amt.GeneralSettings.Get())).status).toBe(401)
  })

  it('takes the password of the setup screen in admin control only', async () => {
    const say = async (mode: 1 | 2): Promise<string> => {
      const { console } = activated(mode)
      const said = await console.say(console.amt.SetupAndConfigurationService.SetMEBXPassword('M3Bx!word'))
      return said.body.SetMEBxPassword_OUTPUT.ReturnValue
    }

    expect([await say(1), await say(2)]).toEqual(['16', '0'])
  })

  it('sets its clock from three times', async () => {
    const { console, machine, clock } = activated(2)
    const { body } = await console.say(console.amt.TimeSynchronizationService.GetLowAccuracyTimeSynch())
    const ta0 = Number(body.GetLowAccuracyTimeSynch_OUTPUT.Ta0)

    await console.say(console.amt.TimeSynchronizationService.SetHighAccuracyTimeSynch(ta0, ta0 + 3600, ta0 + 3600))

    expect(ta0).toBe(Math.floor(clock.now() / 1000))
    expect(machine.state.clockOffsetMs).toBe(3_600_000)
  })
})

describe('every class the library can ask for', () => {
  it('is answered with what is there or that there is none', async () => {
    const { console } = activated(2)
    const missing: string[] = []
    for (const part of [new AMT.Messages(), new CIM.Messages(), new IPS.Messages()]) {
      for (const [name, each] of Object.entries(part)) {
        if (typeof (each as any)?.Enumerate !== 'function') continue
        const { status } = await console.say((each as any).Enumerate())
        if (status !== 200) missing.push(name)
      }
    }

    expect(missing).toEqual([])
  })
})
