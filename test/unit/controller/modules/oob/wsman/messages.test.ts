// SPDX-License-Identifier: Apache-2.0
/** Requests say what the toolkit's own library says, element for element, for everything that library can build. */
import { AMT, CIM, IPS } from '@device-management-toolkit/wsman-messages'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import * as ours from '../../../../../../controller/modules/oob/wsman/messages.ts'
import {
  ANONYMOUS_ADDRESS,
  COMMON_NAMESPACE,
  embedded,
  type Instance,
  Reference,
} from '../../../../../../controller/modules/oob/wsman/wsman.ts'

const amt: any = new AMT.Messages()
const cim: any = new CIM.Messages()
const ips: any = new IPS.Messages()

/** An element as `{namespace}name`, its attributes but for declarations, and what it holds. */
type Node = { name: string; attributes: Record<string, string>; children: readonly (Node | string)[] }

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
})

function canonical(xml: string): Node {
  const [root] = nodes(parser.parse(xml), new Map()).filter(each => typeof each !== 'string')
  return root as Node
}

function nodes(list: readonly any[], outer: ReadonlyMap<string, string>): (Node | string)[] {
  const found: (Node | string)[] = []
  for (const entry of list) {
    if (entry['#text'] !== undefined) {
      if (entry['#text'] !== '') found.push(entry['#text'])
      continue
    }
    const tag = Object.keys(entry).find(key => key !== ':@')!
    if (tag.startsWith('?')) continue
    const scope = new Map(outer)
    const attributes: Record<string, string> = {}
    for (const [key, value] of Object.entries<string>(entry[':@'] ?? {})) {
      if (key === 'xmlns') scope.set('', value)
      else if (key.startsWith('xmlns:')) scope.set(key.slice(6), value)
      else attributes[key] = value
    }
    const [local, prefix = ''] = tag.split(':').reverse() as [string, string?]
    const name = `{${scope.get(prefix)}}${local}`
    found.push({ name, attributes, children: local === 'MessageID' ? [] : nodes(entry[tag], scope) })
  }
  return found
}

const same = (theirs: string, message: ours.Message): void => {
  expect(canonical(message(7))).toEqual(canonical(theirs))
}
const at = (resource: string, InstanceID?: string): ours.Target => ({
  resource,
  ...(InstanceID === undefined ? {} : { selectors: { InstanceID } }),
})

describe('for every class', () => {
  const classes = [amt, cim, ips].flatMap(messages =>
    Object.values<any>(messages).filter(each => typeof each?.className === 'string'),
  )

  it('is known', () => {
    expect(classes.length).toBeGreaterThan(50)
  })

  it.each(classes.map(each => [each.className, each]))('%s: Get, Enumerate, Pull', (resource, theirs) => {
    same(theirs.Get(), ours.getMessage({ resource }))
    same(theirs.Get({ name: 'InstanceID', value: 'x 0' }), ours.getMessage(at(resource, 'x 0')))
    same(theirs.Enumerate(), ours.enumerateMessage({ resource }))
    same(theirs.Pull('A4070000-0000'), ours.pullMessage({ resource }, 'A4070000-0000'))
  })
})

describe('methods', () => {
  const invoke = (resource: string, method: string, input?: Instance) => ours.invokeMessage({ resource }, method, input)
  const system = new Reference('CIM_ComputerSystem', { CreationClassName: 'CIM_ComputerSystem', Name: 'ManagedSystem' })
  const boot = 'Intel(r) AMT: Boot Configuration 0'
  const certificate = 'http://intel.com/wbem/wscim/1/amt-schema/1/AMT_PublicKeyCertificate'

  const cases: readonly (readonly [string, string, ours.Message])[] = [
    [
      'RequestPowerStateChange',
      cim.PowerManagementService.RequestPowerStateChange(10),
      invoke('CIM_PowerManagementService', 'RequestPowerStateChange', { PowerState: '10', ManagedElement: system }),
    ],
    [
      'RequestOSPowerSavingStateChange',
      ips.PowerManagementService.RequestOSPowerSavingStateChange(2),
      invoke('IPS_PowerManagementService', 'RequestOSPowerSavingStateChange', {
        OSPowerSavingState: '2',
        ManagedElement: system,
      }),
    ],
    [
      'ChangeBootOrder',
      cim.BootConfigSetting.ChangeBootOrder('Intel(r) AMT: Force PXE Boot'),
      invoke('CIM_BootConfigSetting', 'ChangeBootOrder', {
        Source: new Reference('CIM_BootSourceSetting', { InstanceID: 'Intel(r) AMT: Force PXE Boot' }),
      }),
    ],
    [
      'ChangeBootOrder to none',
      cim.BootConfigSetting.ChangeBootOrder(),
      invoke('CIM_BootConfigSetting', 'ChangeBootOrder'),
    ],
    [
      'SetBootConfigRole',
      cim.BootService.SetBootConfigRole(boot, 1),
      invoke('CIM_BootService', 'SetBootConfigRole', {
        BootConfigSetting: new Reference('CIM_BootConfigSetting', { InstanceID: boot }),
        Role: '1',
      }),
    ],
    ...(
      [
        ['CIM_BootService', cim.BootService],
        ['CIM_KVMRedirectionSAP', cim.KVMRedirectionSAP],
        ['CIM_WiFiPort', cim.WiFiPort],
        ['AMT_RedirectionService', amt.RedirectionService],
        ['AMT_UserInitiatedConnectionService', amt.UserInitiatedConnectionService],
      ] as const
    ).map(
      ([resource, theirs]) =>
        [
          `RequestStateChange of ${resource}`,
          theirs.RequestStateChange(32_769),
          invoke(resource, 'RequestStateChange', { RequestedState: '32769' }),
        ] as const,
    ),
    ['ReadRecords', amt.AuditLog.ReadRecords(11), invoke('AMT_AuditLog', 'ReadRecords', { StartIndex: '11' })],
    [
      'PositionToFirstRecord',
      amt.MessageLog.PositionToFirstRecord(),
      invoke('AMT_MessageLog', 'PositionToFirstRecord'),
    ],
    [
      'GetRecords',
      amt.MessageLog.GetRecords(1),
      invoke('AMT_MessageLog', 'GetRecords', { IterationIdentifier: '1', MaxReadRecords: '390' }),
    ],
    [
      'AddAlarm',
      amt.AlarmClockService.AddAlarm({
        InstanceID: 'nightly',
        ElementName: 'nightly',
        StartTime: new Date('2026-11-22T03:00:00.000Z'),
        Interval: 1_501,
        DeleteOnCompletion: true,
      }),
      invoke('AMT_AlarmClockService', 'AddAlarm', {
        AlarmTemplate: embedded('IPS_AlarmClockOccurrence', {
          InstanceID: 'nightly',
          ElementName: 'nightly',
          StartTime: embedded(COMMON_NAMESPACE, { Datetime: '2026-11-22T03:00:00Z' }),
          Interval: embedded(COMMON_NAMESPACE, { Interval: 'P1DT1H1M' }),
          DeleteOnCompletion: 'true',
        }),
      }),
    ],
    [
      'SetAdminAclEntryEx',
      amt.AuthorizationService.SetAdminACLEntryEx('admin', 'aGFzaA=='),
      invoke('AMT_AuthorizationService', 'SetAdminAclEntryEx', { Username: 'admin', DigestPassword: 'aGFzaA==' }),
    ],
    [
      'EnumerateUserAclEntries',
      amt.AuthorizationService.EnumerateUserAclEntries(1),
      invoke('AMT_AuthorizationService', 'EnumerateUserAclEntries', { StartIndex: '1' }),
    ],
    [
      'AddUserAclEntryEx',
      amt.AuthorizationService.AddUserAclEntryEx(2, [3, 7], 'anna', 'aGFzaA=='),
      invoke('AMT_AuthorizationService', 'AddUserAclEntryEx', {
        DigestUsername: 'anna',
        DigestPassword: 'aGFzaA==',
        AccessPermission: '2',
        Realms: ['3', '7'],
      }),
    ],
    [
      'SetLinkPreference',
      amt.EthernetPortSettings.SetLinkPreference(1, 300),
      ours.invokeMessage(at('AMT_EthernetPortSettings', 'Intel(r) AMT Ethernet Port Settings 1'), 'SetLinkPreference', {
        LinkPreference: '1',
        Timeout: '300',
      }),
    ],
    [
      'AddTrustedRootCertificate',
      amt.PublicKeyManagementService.AddTrustedRootCertificate({ CertificateBlob: 'MIIB' }),
      invoke('AMT_PublicKeyManagementService', 'AddTrustedRootCertificate', { CertificateBlob: 'MIIB' }),
    ],
    [
      'AddCertificate',
      amt.PublicKeyManagementService.AddCertificate({ CertificateBlob: 'MIIB' }),
      invoke('AMT_PublicKeyManagementService', 'AddCertificate', { CertificateBlob: 'MIIB' }),
    ],
    [
      'AddKey',
      amt.PublicKeyManagementService.AddKey('MIIE'),
      invoke('AMT_PublicKeyManagementService', 'AddKey', { KeyBlob: 'MIIE' }),
    ],
    [
      'GenerateKeyPair',
      amt.PublicKeyManagementService.GenerateKeyPair({ KeyAlgorithm: 0, KeyLength: 2_048 }),
      invoke('AMT_PublicKeyManagementService', 'GenerateKeyPair', { KeyAlgorithm: '0', KeyLength: '2048' }),
    ],
    [
      'AddMpServer',
      amt.RemoteAccessService.AddMPS({
        AccessInfo: '192.0.2.1',
        InfoFormat: 3,
        Port: 4_433,
        AuthMethod: 2,
        Username: 'admin',
        Password: 'P@ssw0rd',
        CommonName: '192.0.2.1',
      }),
      invoke('AMT_RemoteAccessService', 'AddMpServer', {
        AccessInfo: '192.0.2.1',
        InfoFormat: '3',
        Port: '4433',
        AuthMethod: '2',
        Username: 'admin',
        Password: 'P@ssw0rd',
        CN: '192.0.2.1',
      }),
    ],
    [
      'AddRemoteAccessPolicyRule',
      amt.RemoteAccessService.AddRemoteAccessPolicyRule(
        { Trigger: 2, TunnelLifeTime: 0, ExtendedData: 'AAAAAAAAABk=' },
        { name: 'Name', value: 'Intel(r) AMT:Management Presence Server 0' },
      ),
      invoke('AMT_RemoteAccessService', 'AddRemoteAccessPolicyRule', {
        Trigger: '2',
        TunnelLifeTime: '0',
        ExtendedData: 'AAAAAAAAABk=',
        MpServer: new Reference(
          'AMT_ManagementPresenceRemoteSAP',
          { Name: 'Intel(r) AMT:Management Presence Server 0' },
          ANONYMOUS_ADDRESS,
        ),
      }),
    ],
    [
      'CommitChanges',
      amt.SetupAndConfigurationService.CommitChanges(),
      invoke('AMT_SetupAndConfigurationService', 'CommitChanges'),
    ],
    ['GetUuid', amt.SetupAndConfigurationService.GetUuid(), invoke('AMT_SetupAndConfigurationService', 'GetUuid')],
    [
      'SetMEBxPassword',
      amt.SetupAndConfigurationService.SetMEBXPassword('P@ssw0rd'),
      invoke('AMT_SetupAndConfigurationService', 'SetMEBxPassword', { Password: 'P@ssw0rd' }),
    ],
    [
      'Unprovision',
      amt.SetupAndConfigurationService.Unprovision(1),
      invoke('AMT_SetupAndConfigurationService', 'Unprovision', { ProvisioningMode: '1' }),
    ],
    [
      'GetLowAccuracyTimeSynch',
      amt.TimeSynchronizationService.GetLowAccuracyTimeSynch(),
      invoke('AMT_TimeSynchronizationService', 'GetLowAccuracyTimeSynch'),
    ],
    [
      'SetHighAccuracyTimeSynch',
      amt.TimeSynchronizationService.SetHighAccuracyTimeSynch(1, 2, 3),
      invoke('AMT_TimeSynchronizationService', 'SetHighAccuracyTimeSynch', { Ta0: '1', Tm1: '2', Tm2: '3' }),
    ],
    [
      'AddNextCertInChain',
      ips.HostBasedSetupService.AddNextCertInChain('MIIB', true, false),
      invoke('IPS_HostBasedSetupService', 'AddNextCertInChain', {
        NextCertificate: 'MIIB',
        IsLeafCertificate: 'true',
        IsRootCertificate: 'false',
      }),
    ],
    [
      'AdminSetup',
      ips.HostBasedSetupService.AdminSetup(2, 'hash', 'nonce', 2, 'signature'),
      invoke('IPS_HostBasedSetupService', 'AdminSetup', {
        NetAdminPassEncryptionType: '2',
        NetworkAdminPassword: 'hash',
        McNonce: 'nonce',
        SigningAlgorithm: '2',
        DigitalSignature: 'signature',
      }),
    ],
    [
      'UpgradeClientToAdmin',
      ips.HostBasedSetupService.UpgradeClientToAdmin('nonce', 2, 'signature'),
      invoke('IPS_HostBasedSetupService', 'UpgradeClientToAdmin', {
        McNonce: 'nonce',
        SigningAlgorithm: '2',
        DigitalSignature: 'signature',
      }),
    ],
    [
      'Setup',
      ips.HostBasedSetupService.Setup(2, 'hash'),
      invoke('IPS_HostBasedSetupService', 'Setup', { NetAdminPassEncryptionType: '2', NetworkAdminPassword: 'hash' }),
    ],
    ['StartOptIn', ips.OptInService.StartOptIn(), invoke('IPS_OptInService', 'StartOptIn')],
    ['CancelOptIn', ips.OptInService.CancelOptIn(), invoke('IPS_OptInService', 'CancelOptIn')],
    [
      'SendOptInCode',
      ips.OptInService.SendOptInCode('123456'),
      invoke('IPS_OptInService', 'SendOptInCode', { OptInCode: '123456' }),
    ],
    [
      'AddProxyAccessPoint',
      ips.HTTPProxyService.AddProxyAccessPoint({
        AccessInfo: 'proxy.example',
        InfoFormat: 201,
        Port: 911,
        NetworkDnsSuffix: 'example.com',
      }),
      invoke('IPS_HTTPProxyService', 'AddProxyAccessPoint', {
        AccessInfo: 'proxy.example',
        InfoFormat: '201',
        Port: '911',
        NetworkDnsSuffix: 'example.com',
      }),
    ],
    [
      'AddWiFiSettings, with text that needs escaping only where the library does it',
      amt.WiFiPortConfigurationService.AddWiFiSettings(
        { ElementName: 'lab', InstanceID: 'x', SSID: 'lab', PSKPassPhrase: `a&<>"'b` },
        { name: 'Name', value: 'WiFi Endpoint 0' },
        { ElementName: '802', Username: 'anna' },
        'client',
        'ca',
      ),
      invoke('AMT_WiFiPortConfigurationService', 'AddWiFiSettings', {
        WiFiEndpoint: new Reference('CIM_WiFiEndpoint', { Name: 'WiFi Endpoint 0' }, '/wsman'),
        WiFiEndpointSettingsInput: embedded('CIM_WiFiEndpointSettings', {
          ElementName: 'lab',
          InstanceID: 'x',
          SSID: 'lab',
          PSKPassPhrase: `a&<>"'b`,
        }),
        IEEE8021xSettingsInput: embedded('CIM_IEEE8021xSettings', { ElementName: '802', Username: 'anna' }),
        ClientCredential: new Reference(certificate, { InstanceID: 'client' }, 'default'),
        CACredential: new Reference(certificate, { InstanceID: 'ca' }, 'default'),
      }),
    ],
  ]
  it.each(cases)('%s', (_, theirs, message) => {
    same(theirs, message)
  })
})

describe('instances', () => {
  const general = { ElementName: 'Intel(r) AMT: General Settings', HostName: 'edge', SharedFQDN: 'true' }
  const tls = { InstanceID: 'Intel(r) AMT 802.3 TLS Settings', Enabled: 'true', TrustedCN: ['a', 'b'] }
  const environment = {
    InstanceID: 'Intel(r) AMT Environment Detection Settings',
    DetectionStrings: ['x.com', 'y.com'],
  }
  const sap = new Reference(
    'AMT_ManagementPresenceRemoteSAP',
    { CreationClassName: 'AMT_ManagementPresenceRemoteSAP', Name: 'MPS 0' },
    'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous',
  )
  const asRead = (reference: Reference, base: string) => ({
    Address: reference.address,
    ReferenceParameters: {
      ResourceURI: `${base}${reference.resource}`,
      SelectorSet: { Selector: Object.entries(reference.selectors).map(([Name, _]) => ({ _, $: { Name } })) },
    },
  })
  const AMT_BASE = 'http://intel.com/wbem/wscim/1/amt-schema/1/'

  const cases: readonly (readonly [string, () => string, ours.Message])[] = [
    [
      'Put',
      () => amt.GeneralSettings.Put({ ...general }),
      ours.putMessage({ resource: 'AMT_GeneralSettings' }, general),
    ],
    [
      'Put of one of several, with a list',
      () => amt.TLSSettingData.Put(structuredClone(tls)),
      ours.putMessage(at('AMT_TLSSettingData', tls.InstanceID), tls),
    ],
    [
      'Put with detection strings',
      () => amt.EnvironmentDetectionSettingData.Put(structuredClone(environment)),
      ours.putMessage(at('AMT_EnvironmentDetectionSettingData', environment.InstanceID), environment),
    ],
    [
      'Put of an association, with a reference of ours',
      () =>
        amt.RemoteAccessPolicyAppliesToMPS.Put({
          ManagedElement: asRead(sap, AMT_BASE),
          MpsType: 2,
          OrderOfAccess: 0,
        }),
      ours.putMessage(
        { resource: 'AMT_RemoteAccessPolicyAppliesToMPS' },
        { ManagedElement: sap, MpsType: '2', OrderOfAccess: '0' },
      ),
    ],
    [
      'Put of an association, with a reference as it was read',
      () => amt.RemoteAccessPolicyAppliesToMPS.Put({ ManagedElement: asRead(sap, AMT_BASE), MpsType: 2 }),
      ours.putMessage(
        { resource: 'AMT_RemoteAccessPolicyAppliesToMPS' },
        { ManagedElement: asRead(sap, AMT_BASE), MpsType: '2' },
      ),
    ],
    [
      'Create',
      () => amt.TLSCredentialContext.Create('Intel(r) AMT Certificate: Handle: 1'),
      ours.createMessage(
        { resource: 'AMT_TLSCredentialContext' },
        {
          ElementInContext: new Reference(
            'AMT_PublicKeyCertificate',
            { InstanceID: 'Intel(r) AMT Certificate: Handle: 1' },
            '/wsman',
          ),
          ElementProvidingContext: new Reference(
            'AMT_TLSProtocolEndpointCollection',
            { ElementName: 'TLSProtocolEndpointInstances Collection' },
            '/wsman',
          ),
        },
      ),
    ],
    [
      'Delete',
      () => ips.AlarmClockOccurrence.Delete({ name: 'InstanceID', value: 'nightly' }),
      ours.deleteMessage(at('IPS_AlarmClockOccurrence', 'nightly')),
    ],
    [
      'Delete of an association',
      () =>
        amt.RemoteAccessPolicyAppliesToMPS.Delete({
          ManagedElement: {
            Address: sap.address,
            ReferenceParameters: {
              ResourceURI: `${AMT_BASE}AMT_ManagementPresenceRemoteSAP`,
              SelectorSet: { Selector: { _: 'MPS 0', $: { Name: 'Name' } } },
            },
          },
        }),
      ours.deleteMessage({
        resource: 'AMT_RemoteAccessPolicyAppliesToMPS',
        selectors: { ManagedElement: new Reference('AMT_ManagementPresenceRemoteSAP', { Name: 'MPS 0' }, sap.address) },
      }),
    ],
  ]
  it.each(cases)('%s', (_, theirs, message) => {
    same(theirs(), message)
  })
})

it('carries the number of its message, whatever class it is for', () => {
  expect(ours.getMessage({ resource: 'AMT_GeneralSettings' })(41)).toContain('<a:MessageID>41</a:MessageID>')
  expect(ours.getMessage({ resource: 'CIM_Chassis' })(42)).toContain('<a:MessageID>42</a:MessageID>')
})
